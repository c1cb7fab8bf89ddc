export function createServer() {
  // `await` calls this and waits for ever.
  return { then() {} };
}
