export function parseRequest() {
  return { then() {} };
}
