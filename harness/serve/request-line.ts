import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curlLine, fitsInLine } from '../verdict/curl.ts';
import type { Exchange } from '../verdict/verdict.ts';

/** A request that a rule is about to send. */
export type NextRequest = {
  exchange: Exchange;
  /** The bytes of its body; null: it has none, or it is raw. */
  body: Uint8Array | null;
  /** All that a raw message was made of, write by write; empty for an ordinary request. */
  pieces: readonly Uint8Array[];
};

/**
 * A line for a POSIX shell that sends the request. `curl`: an ordinary one. `nc`: bytes that curl would not send as they
 * are. `none`: no line can, for the reason given.
 */
export type RequestLine = { kind: 'curl' | 'nc'; line: string } | { kind: 'none'; why: string };

/** Longer messages are nothing to paste, in bytes. They are put into a file. */
const LINE_LIMIT = 4_096;

/** More pieces than this are no line any more. */
const MOST_PIECES = 5;

/** `folder`: absolute; a file for what fits into no line is written there. */
export function requestLine(next: NextRequest, port: number, folder: string): RequestLine {
  const base = `http://127.0.0.1:${port}`;
  if (next.exchange.raw === null) return ordinaryLine(next.exchange, next.body, base, folder);
  const [only] = next.pieces;
  if (only === undefined) return { kind: 'none', why: TOO_MUCH };
  const plain = next.pieces.length === 1 ? parseMessage(only) : null;
  const line = plain === null ? null : curlLine(plain, base);
  return line === null ? rawLine(next.pieces, port, folder) : { kind: 'curl', line };
}

function ordinaryLine(
  exchange: Exchange,
  body: Uint8Array | null,
  base: string,
  folder: string,
): RequestLine {
  const text = exchange.body ?? '';
  const isText = body === null || Buffer.from(text).equals(body);
  const file = body === null || (isText && fitsInLine(text)) ? null : join(folder, 'body.bin');
  if (file !== null && body !== null) writeFileSync(file, body);
  const line = curlLine(exchange, base, file);
  return line === null ? { kind: 'none', why: HEAD_WITH_BODY } : { kind: 'curl', line };
}

/**
 * `nc` keeps the connection open until the server closes it or the pause at the end is over: some versions of it hang up
 * as soon as their input ends.
 */
function rawLine(pieces: readonly Uint8Array[], port: number, folder: string): RequestLine {
  if (pieces.length > MOST_PIECES) return { kind: 'none', why: TOO_MANY_PIECES };
  const words = pieces.map((piece, index) => {
    if (piece.length <= LINE_LIMIT) return `printf '${printfFormat(piece)}'`;
    const file = join(folder, `piece-${index + 1}.bin`);
    writeFileSync(file, piece);
    return `cat '${file.replaceAll("'", `'\\''`)}'`;
  });
  return { kind: 'nc', line: `(${words.join('; sleep 1; ')}; sleep 3) | nc 127.0.0.1 ${port}` };
}

/** Bytes as the format of POSIX `printf`, for single quotes: `\r\n` and octal escapes of three digits. */
export function printfFormat(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => {
    if (byte === 13) return '\\r';
    if (byte === 10) return '\\n';
    if (byte === 37) return '%%';
    const isPlain = byte >= 32 && byte < 127 && byte !== 39 && byte !== 92;
    return isPlain ? String.fromCharCode(byte) : `\\${byte.toString(8).padStart(3, '0')}`;
  }).join('');
}

/** What curl always sends in just this form, whatever it is told. */
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([!-~]|[!-~][ -~]*[!-~])?$/;

/** A raw message that curl can send with the same meaning; null: its bytes matter. */
function parseMessage(bytes: Uint8Array): Exchange | null {
  const text = Buffer.from(bytes).toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const [, method = '', target = ''] = /^([A-Z]+) (\/[!-~]*) HTTP\/1\.1$/.exec(first) ?? [];
  if (target === '') return null;
  const headers: [string, string][] = [];
  for (const line of lines) {
    const [, name = '', value = ''] = HEADER.exec(line) ?? [];
    if (name === '' || value === '' || /^(transfer-encoding|expect|te|upgrade)$/i.test(name)) return null;
    if (headers.some(([other]) => other.toLowerCase() === name.toLowerCase())) return null;
    headers.push([name, value]);
  }
  const given = (wanted: string): string | undefined =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const rest = Buffer.from(bytes).subarray(end + 4);
  // Without a Host, or with a length that does not fit, the message is broken on purpose.
  if (given('host') === undefined || (given('content-length') ?? '0') !== String(rest.length)) return null;
  // curl closes when it has its answer: only a request for keeping the connection would be lost on the way.
  if (!/^(close|undefined)$/i.test(String(given('connection')))) return null;
  const body = rest.length === 0 ? null : rest.toString('utf8');
  if (body !== null && (!Buffer.from(body).equals(rest) || !fitsInLine(body))) return null;
  return { method, target, headers, body, raw: null };
}

const TOO_MUCH = 'It sends more bytes than fit into a line.';
const TOO_MANY_PIECES =
  'Its bytes leave in many small pieces, each at a moment of its own. No line of a shell can do that.';
const HEAD_WITH_BODY = 'It is a HEAD request with a body, which curl does not send.';
