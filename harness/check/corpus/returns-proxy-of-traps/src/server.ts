const trap = () => {
  throw new Error('a trap');
};

export function createServer() {
  return new Proxy(
    {},
    { get: (_target, key) => (key === 'then' ? undefined : trap()), has: trap, getPrototypeOf: trap, ownKeys: trap },
  );
}
