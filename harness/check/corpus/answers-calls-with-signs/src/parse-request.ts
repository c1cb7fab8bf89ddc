export function parseRequest() {
  return { '\u001b[2J\n::error::': '\u202e\u0000\u009b31m', ok: Symbol('\u001b]0;owned\u0007'), method: new Error('\u001b[31m\n::error::') };
}
