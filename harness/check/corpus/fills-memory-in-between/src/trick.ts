// Starts when the import is done, and before the first request.
const all: Buffer[] = [];
setImmediate(() => {
  for (let i = 0; i < 32; i++) all.push(Buffer.alloc(64 * 1024 * 1024, i + 1));
});
