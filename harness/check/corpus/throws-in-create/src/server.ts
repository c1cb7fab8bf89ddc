export function createServer() {
  throw null;
}
