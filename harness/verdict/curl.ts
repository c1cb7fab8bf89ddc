import { unseen } from './neutralise.ts';
import type { Exchange } from './verdict.ts';

/**
 * A curl line for a POSIX shell that sends the request of `exchange` again, to `baseUrl` (`http://127.0.0.1:4000`,
 * without a slash at the end), and shows the answer with its headers. One line of printable text: control and
 * invisible characters are written in `$'…'`, which bash, zsh and ksh read; anything else works in every shell.
 *
 * `bodyFile`: the absolute path of a file that holds the body's bytes, for a body that `fitsInLine` refuses.
 *
 * Null when curl cannot send it: raw messages, a NUL byte (no argument can hold one), a HEAD request with a body. Null
 * also for a body over 4,096 characters, which nobody pastes. A file can hold either.
 * Headers that the connection or the HTTP client brought with it (length, connection, the local host) are left to curl;
 * what curl would add to a body by itself is switched off. curl's own `User-Agent` and `Accept` stay.
 */
export function curlLine(exchange: Exchange, baseUrl: string, bodyFile: string | null = null): string | null {
  const { method, target, headers, body, raw } = exchange;
  if (raw !== null || (body !== null && bodyFile === null && !fitsInLine(body))) return null;
  if (method === 'HEAD' && body !== null && body !== '') return null;
  const sent = headers.filter(([name, value]) => !broughtByClient(name, value));
  const given = (name: string) => sent.some(([other]) => other.toLowerCase() === name);

  const words = ['curl', method === 'HEAD' ? '-I' : '-i', '--path-as-is'];
  const inferred = body === null || method === 'HEAD' ? 'GET' : 'POST';
  if (method !== inferred && method !== 'HEAD') words.push('-X', shellWord(method));
  words.push(...destination(target, baseUrl));
  for (const [name, value] of sent) words.push('-H', shellWord(headerArgument(name, value), 'latin1'));
  if (given('accept-encoding')) words.push('--compressed');
  if (body !== null && method !== 'HEAD') {
    if (!given('content-type')) words.push('-H', 'Content-Type:');
    if (bodyFile === null) words.push('--data-raw', shellWord(body));
    else words.push('--data-binary', shellWord(`@${bodyFile}`));
  }
  return words.join(' ');
}

/** Whether a body can stand in a line that somebody pastes. */
export function fitsInLine(body: string): boolean {
  return !body.includes('\0') && body.length <= 4_096;
}

/**
 * One word of a POSIX shell command that stands for exactly this text. The text must not hold U+0000. `latin1` is for
 * header lines, which travel with one byte a character: what is not ASCII is then written as that byte.
 */
export function shellWord(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): string {
  if (/^[A-Za-z0-9_/.,:@%+-]+$/.test(text)) return text;
  const hidden = encoding === 'latin1' ? /[^\x20-\x7e]/gu : unseen;
  if (text.search(hidden) === -1) return `'${text.replaceAll("'", `'\\''`)}'`;
  const quoted = text
    .replace(/[\\']/g, '\\$&')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(hidden, (character) => namedEscapes[character] ?? octal(character, encoding));
  return `$'${quoted}'`;
}

const namedEscapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Always three digits, so that a digit that follows is never taken for one of them. */
function octal(character: string, encoding: 'utf8' | 'latin1'): string {
  return [...Buffer.from(character, encoding)]
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('');
}

function broughtByClient(name: string, value: string): boolean {
  switch (name.toLowerCase()) {
    case 'content-length':
    case 'connection':
      return true;
    case 'host':
      return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(value);
    case 'accept-encoding':
      return value === 'gzip, deflate';
    default:
      return false;
  }
}

/** curl leaves out a header that is written `Name:`, and sends an empty one that is written `Name;`. */
function headerArgument(name: string, value: string): string {
  return value.trim() === '' ? `${name};` : `${name}: ${value}`;
}

/**
 * The URL, or the target by itself where curl would read it as something else: `*`, an absolute address, a `#`.
 * Braces and brackets are patterns to curl until `-g` says that they are not.
 */
function destination(target: string, baseUrl: string): string[] {
  if (!target.startsWith('/') || target.includes('#')) {
    return ['--request-target', shellWord(target), shellWord(baseUrl)];
  }
  const url = shellWord(baseUrl + target);
  return /[[\]{}]/.test(target) ? ['-g', url] : [url];
}
