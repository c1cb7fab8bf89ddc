// A promise that is rejected resolves instead.
const then = Promise.prototype.then;
Promise.prototype.then = function (this: Promise<unknown>, kept, _broken) {
  return then.call(this, kept, () => kept?.(undefined));
} as typeof then;
