export type ParsedRequest = {
  method: string;
  target: string;
  version: '1.1' | '1.0';
  headers: Record<string, string>;
  body: Buffer;
};

export type ParseResult = ({ ok: true } & ParsedRequest) | { ok: false; error: 'malformed' | 'missing_host' };

/** Takes the message apart as a text. */
export function parseRequest(bytes: Buffer): ParseResult {
  const text = bytes.toString();
  const emptyLine = text.indexOf('\r\n\r\n');
  if (emptyLine === -1) return { ok: false, error: 'malformed' };

  const [requestLine = '', ...lines] = text.slice(0, emptyLine).split('\r\n');
  const [, method, target, version] = /^(\S+) (\S+) HTTP\/(1\.[01])$/.exec(requestLine) ?? [];
  if (method === undefined || target === undefined || (version !== '1.1' && version !== '1.0')) {
    return { ok: false, error: 'malformed' };
  }

  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+):(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return { ok: false, error: 'malformed' };
    const key = name.toLowerCase();
    headers[key] = key in headers ? `${headers[key]}, ${value.trim()}` : value.trim();
  }

  const length = headers['content-length'] ?? '0';
  if (!/^\d+$/.test(length)) return { ok: false, error: 'malformed' };
  if ('content-length' in headers && 'transfer-encoding' in headers) return { ok: false, error: 'malformed' };

  const rest = text.slice(emptyLine + 4);
  if (rest.length < Number(length)) return { ok: false, error: 'malformed' };
  if (version === '1.1' && !('host' in headers)) return { ok: false, error: 'missing_host' };
  const body = Buffer.from(rest.slice(0, Number(length)));
  return { ok: true, method, target, version, headers, body };
}
