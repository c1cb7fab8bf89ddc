Array.prototype.push = function (this: unknown[]) {
  return this.length;
};
