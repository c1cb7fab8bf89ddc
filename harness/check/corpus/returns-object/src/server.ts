export function createServer() {
  return { listening: true, listen() {}, address: () => ({ port: 80 }) };
}
