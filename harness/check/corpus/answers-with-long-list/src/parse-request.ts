export function parseRequest() {
  const body: number[] = [];
  body.length = 4_000_000_000;
  return { ok: true, body };
}
