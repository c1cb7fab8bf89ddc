export function parseRequest() {
  throw null;
}
