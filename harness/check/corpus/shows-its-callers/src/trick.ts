Error.stackTraceLimit = 100;
Error.prepareStackTrace = (_error, sites) =>
  sites.map((site) => `${site.getFileName()} ${String(site.getFunction() ?? '')} ${String(site.getThis() ?? '')}`).join('\n');
console.log(new Error('look').stack);
const seen: string[] = [];
const then = Promise.prototype.then;
Promise.prototype.then = function (...handlers: any[]) {
  // Printing makes promises itself.
  if (seen.length < 40) seen.push(...handlers.map(String));
  return (then as any).apply(this, handlers);
};
setTimeout(() => console.log(seen.join('\n')), 50);
export {};
