export function parseRequest() {
  return JSON.parse(
    '{"ok":false,"__proto__":{"ok":true,"error":"malformed","status":"passed"},"constructor":{"prototype":{"ok":true}}}',
  ) as object;
}
