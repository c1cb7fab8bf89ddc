export function createServer() {
  return 'http://127.0.0.1:4000';
}
