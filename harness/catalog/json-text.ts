import { quoted } from './printable.ts';

/** Where a text stops being JSON. `line` and `column` count from 1. */
export type JsonProblem = { line: number; column: number; expected: string; message: string };

export type JsonOutcome = { ok: true; value: unknown } | { ok: false; problem: JsonProblem };

/**
 * Parses JSON and names the line and column of a mistake. `JSON.parse` alone gives no position on some versions of
 * Node.js, and it silently keeps the last of two equal keys, which here would drop a rule. The key `__proto__` is refused:
 * what reads the value later would drop it just as silently.
 */
export function parseJson(text: string): JsonOutcome {
  const found = findProblem(text);
  if (found !== null) return { ok: false, problem: locate(text, found) };
  return { ok: true, value: JSON.parse(text) };
}

type Found = { offset: number; expected: string; message?: string };

const SPACE = /[ \t\r\n]*/y;
/** Of the control characters JSON forbids the first 32 only. */
const STRING = /"(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

const EXPECTED = {
  value: 'a value: a text in double quotes, a number, true, false, null, [ or {',
  key: 'a key in double quotes',
  string: 'a closing double quote on the same line, and \\\\ for a backslash',
  end: 'nothing after the last }',
};

/** A walk without recursion, so that a thousand nested brackets are no problem. */
function findProblem(text: string): Found | null {
  /** The open brackets; for an object the keys seen so far. */
  const open: (Set<string> | 'list')[] = [];
  let offset = 0;
  let want: 'value' | 'value or end' | 'key' | 'key or end' | 'comma or end' = 'value';

  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    if (match === null) return null;
    offset = pattern.lastIndex;
    return match[0];
  };

  for (;;) {
    take(SPACE);
    const next = text[offset];
    const inside = open.at(-1);

    if (want === 'comma or end') {
      if (inside === undefined) return next === undefined ? null : { offset, expected: EXPECTED.end };
      const close = inside === 'list' ? ']' : '}';
      if (next === close) open.pop();
      else if (next === ',') want = inside === 'list' ? 'value' : 'key';
      else return { offset, expected: `a comma or ${close}` };
      offset += 1;
    } else if (want === 'key' || want === 'key or end') {
      if (want === 'key or end' && next === '}') {
        open.pop();
        offset += 1;
        want = 'comma or end';
        continue;
      }
      if (next === '}') return { offset, expected: `${EXPECTED.key}, or no comma before }` };
      const start = offset;
      const key = take(STRING);
      if (key === null) return { offset, expected: next === '"' ? EXPECTED.string : EXPECTED.key };
      const name = String(JSON.parse(key));
      if (inside instanceof Set && inside.has(name)) {
        return { offset: start, expected: 'each key once', message: `The key ${quoted(name)} stands twice.` };
      }
      if (name === '__proto__') {
        return { offset: start, expected: 'another key', message: 'The key "__proto__" is not allowed.' };
      }
      if (inside instanceof Set) inside.add(name);
      take(SPACE);
      if (text[offset] !== ':') return { offset, expected: 'a colon after the key' };
      offset += 1;
      want = 'value';
    } else if (next === '{' || next === '[') {
      open.push(next === '{' ? new Set() : 'list');
      offset += 1;
      want = next === '{' ? 'key or end' : 'value or end';
    } else if (want === 'value or end' && next === ']') {
      open.pop();
      offset += 1;
      want = 'comma or end';
    } else {
      if (next === ']' && inside === 'list') {
        return { offset, expected: 'a value, or no comma before ]' };
      }
      if (take(STRING) === null && take(SCALAR) === null) {
        return { offset, expected: next === '"' ? EXPECTED.string : EXPECTED.value };
      }
      want = 'comma or end';
    }
  }
}

function locate(text: string, found: Found): JsonProblem {
  const before = text.slice(0, found.offset).split(/\r\n|\n|\r/);
  const line = before.length;
  const column = (before.at(-1) ?? '').length + 1;
  const rest = text.slice(found.offset).match(/^[\w.+-]+|^./su)?.[0];
  const what = rest === undefined ? 'The text ends too early.' : `${quoted(rest)} cannot stand there.`;
  return { line, column, expected: found.expected, message: found.message ?? what };
}
