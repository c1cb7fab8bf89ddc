/** One request, taken apart. */
export type ParsedRequest = {
  method: string;
  target: string;
  version: '1.1' | '1.0';
  /** Names in lower case; repeated ones joined with `, `. */
  headers: Record<string, string>;
  /** Exactly Content-Length bytes. */
  body: Buffer;
};

export type ParseResult = ({ ok: true } & ParsedRequest) | { ok: false; error: 'malformed' | 'missing_host' };

/** Where the machine is. `done` and `broken` end it. */
type State =
  | 'method'
  | 'target'
  | 'version'
  | 'line-feed'
  | 'line-start'
  | 'name'
  | 'value'
  | 'last-line-feed'
  | 'done'
  | 'broken';

type Head = {
  state: State;
  /** What the current state has collected, one character a byte. */
  text: string;
  method: string;
  target: string;
  version: string;
  name: string;
  headers: Map<string, string[]>;
};

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const DELETE = 0x7f;

/** Reads one whole HTTP/1.x request message. Never throws. */
export function parseRequest(bytes: Buffer): ParseResult {
  const head: Head = {
    state: 'method',
    text: '',
    method: '',
    target: '',
    version: '',
    name: '',
    headers: new Map(),
  };
  let position = 0;
  for (const byte of bytes) {
    if (head.state === 'done' || head.state === 'broken') break;
    head.state = step(head, byte);
    position++;
  }
  const { method, target, version } = head;
  if (head.state !== 'done' || (version !== '1.1' && version !== '1.0')) return malformed();

  const length = contentLength(head.headers);
  if (length === null || bytes.length - position < length) return malformed();
  if (version === '1.1' && !head.headers.has('host')) return { ok: false, error: 'missing_host' };

  const headers = Object.fromEntries([...head.headers].map(([name, values]) => [name, values.join(', ')]));
  const body = Buffer.from(bytes.subarray(position, position + length));
  return { ok: true, method, target, version, headers, body };
}

/** Takes in one byte and says where that leads. */
function step(head: Head, byte: number): State {
  switch (head.state) {
    case 'method':
      if (byte === SPACE && head.text !== '') {
        head.method = take(head);
        return 'target';
      }
      return isTokenByte(byte) ? collect(head, byte) : 'broken';

    case 'target':
      if (byte === SPACE && head.text !== '') {
        head.target = take(head);
        return 'version';
      }
      return byte > SPACE && byte < DELETE ? collect(head, byte) : 'broken';

    case 'version':
      if (byte === CR || byte === LF) {
        const text = take(head);
        if (text !== 'HTTP/1.1' && text !== 'HTTP/1.0') return 'broken';
        head.version = text.slice('HTTP/'.length);
        return byte === CR ? 'line-feed' : 'line-start';
      }
      return head.text.length < 'HTTP/1.1'.length ? collect(head, byte) : 'broken';

    case 'line-feed':
      return byte === LF ? 'line-start' : 'broken';

    case 'line-start':
      if (byte === CR) return 'last-line-feed';
      if (byte === LF) return 'done';
      if (!isTokenByte(byte)) return 'broken'; // a space or a tab: a folded line
      head.state = 'name';
      return collect(head, byte);

    case 'name':
      if (byte === COLON) {
        head.name = take(head).toLowerCase();
        return 'value';
      }
      return isTokenByte(byte) ? collect(head, byte) : 'broken';

    case 'value':
      if (byte === CR || byte === LF) {
        keepHeader(head);
        return byte === CR ? 'line-feed' : 'line-start';
      }
      if (byte === TAB || (byte >= SPACE && byte !== DELETE)) return collect(head, byte);
      return 'broken';

    case 'last-line-feed':
      return byte === LF ? 'done' : 'broken';

    case 'done':
    case 'broken':
      return head.state;
  }
}

function collect(head: Head, byte: number): State {
  head.text += String.fromCharCode(byte);
  return head.state;
}

function take(head: Head): string {
  const { text } = head;
  head.text = '';
  return text;
}

function keepHeader(head: Head): void {
  const value = withoutBlanks(take(head));
  const values = head.headers.get(head.name);
  if (values === undefined) head.headers.set(head.name, [value]);
  else values.push(value);
}

function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}

/** Letters, digits and the fifteen signs that a method or a header's name may have. */
function isTokenByte(byte: number): boolean {
  if (byte >= 0x30 && byte <= 0x39) return true;
  if (byte >= 0x41 && byte <= 0x5a) return true;
  if (byte >= 0x61 && byte <= 0x7a) return true;
  return "!#$%&'*+-.^_`|~".includes(String.fromCharCode(byte));
}

/** Null: the message does not say in one way how long its body is. */
function contentLength(headers: ReadonlyMap<string, readonly string[]>): number | null {
  const declared = headers.get('content-length');
  if (declared === undefined) return 0; // with Transfer-Encoding too: undoing chunks is left to the caller
  if (headers.has('transfer-encoding')) return null;
  const [first = '', ...others] = declared.flatMap((value) => value.split(',')).map(withoutBlanks);
  if (others.some((other) => other !== first)) return null;
  return /^[0-9]+$/.test(first) ? Number.parseInt(first, 10) : null;
}

function malformed(): ParseResult {
  return { ok: false, error: 'malformed' };
}
