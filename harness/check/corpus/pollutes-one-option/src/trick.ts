// An option that is not given is looked for in the prototype: of a test it says that it is meant to fail.
Object.defineProperty(Object.prototype, 'fails', { value: true, configurable: true, writable: true });
export {};
