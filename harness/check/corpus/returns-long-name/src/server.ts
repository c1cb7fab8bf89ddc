export function createServer() {
  return { [Symbol.toStringTag]: 'Server '.repeat(500_000) };
}
