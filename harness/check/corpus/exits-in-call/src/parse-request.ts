export function parseRequest() {
  process.exit(0);
}
