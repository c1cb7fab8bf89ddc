export function parseRequest() {
  return { ok: true, method: 'GET'.repeat(1_000_000) };
}
