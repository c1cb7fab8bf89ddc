Error.stackTraceLimit = 100;
Error.prepareStackTrace = (_error, sites) =>
  sites.map((site) => `${site.getFileName()} ${String(site.getFunction() ?? '')} ${String(site.getThis() ?? '')}`).join('\n');
console.log(new Error('look').stack);
const then = Promise.prototype.then;
Promise.prototype.then = function (...handlers: any[]) {
  for (const handler of handlers) console.log(String(handler));
  return (then as any).apply(this, handlers);
};
export {};
