/** One request, taken apart. */
export type ParsedRequest = {
  /** As it was sent, for example `GET`. */
  method: string;
  /** As it was sent, for example `/hello?name=Ada`. */
  target: string;
  version: '1.1' | '1.0';
  /** Names in lower case; values without the spaces and tabs around them; repeated ones joined with `, `. */
  headers: Record<string, string>;
  /** Exactly Content-Length bytes. Empty when there is no Content-Length. */
  body: Buffer;
};

/** Either the request or the reason why there is none. */
export type ParseResult = ({ ok: true } & ParsedRequest) | { ok: false; error: 'malformed' | 'missing_host' };

/** Reads one whole HTTP/1.x request message. Never throws: bad input is a result, not an exception. */
export function parseRequest(bytes: Buffer): ParseResult {
  // TODO R18: find the empty line; read the request line, the header lines and the body.
  // TODO R19: refuse the messages that two programs could read in two ways.
  // TODO R20: an HTTP/1.1 message without Host is 'missing_host'.
  return { ok: false, error: 'malformed' };
}
