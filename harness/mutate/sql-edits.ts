import type { Edit } from './mutant.ts';

type Token = { text: string; word: string; start: number; end: number; depth: number };

/** Strings, quoted names and comments are one token each. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[a-z_@:$][\w$]*|\d+(?:\.\d+)?|<>|!=|<=|>=|==|\|\||\S/giu;

const COMPARISONS: Readonly<Record<string, readonly string[]>> = {
  '=': ['<>'],
  '<>': ['='],
  '!=': ['='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
};

const ARITHMETIC: Readonly<Record<string, string>> = { '+': '-', '-': '+', '/': '*' };

const FUNCTIONS: Readonly<Record<string, string>> = {
  MIN: 'MAX',
  MAX: 'MIN',
  SUM: 'MAX',
  AVG: 'MAX',
  COUNT: 'MAX',
  RANK: 'ROW_NUMBER',
  DENSE_RANK: 'RANK',
  LAG: 'LEAD',
  LEAD: 'LAG',
};

/** A join that keeps fewer rows without a match. */
const NARROWER: Readonly<Record<string, string>> = { LEFT: 'JOIN', RIGHT: 'JOIN', FULL: 'LEFT JOIN' };

/** Where a term of WHERE, HAVING or ON ends, at its own depth. */
const ENDS_TERM = new Set(
  (
    'AND OR GROUP ORDER HAVING LIMIT UNION EXCEPT INTERSECT WINDOW WHERE ' +
    'JOIN LEFT RIGHT FULL INNER CROSS WHEN THEN BEGIN RETURNING ; ) ,'
  ).split(' '),
);

/**
 * Small changes to an SQL text, each alone: comparisons, AND and OR, kinds of JOIN, directions of ORDER BY, DISTINCT, numbers,
 * arithmetic, functions, COALESCE without its second value, terms that are dropped, UNION ALL, constraints that are dropped.
 */
export function sqlEdits(text: string): Edit[] {
  const tokens = tokensOf(text);
  return tokens.flatMap((token, at) => [
    ...signEdits(token),
    ...joinEdits(tokens, at),
    ...orderEdits(tokens, at),
    ...termEdits(tokens, at),
    ...wordEdits(tokens, at, text),
    ...constraintEdits(tokens, at),
  ]);
}

function tokensOf(text: string): Token[] {
  let depth = 0;
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [found] = match;
    if (found.startsWith('--') || found.startsWith('/*')) continue;
    if (found === ')') depth--;
    tokens.push({
      text: found,
      word: found.toUpperCase(),
      start: match.index,
      end: match.index + found.length,
      depth,
    });
    if (found === '(') depth++;
  }
  return tokens;
}

function replaced(mutator: string, { start, end }: Pick<Token, 'start' | 'end'>, replacement: string): Edit {
  return { start, end, mutator, replacement };
}

function signEdits(token: Token): Edit[] {
  const comparisons = (COMPARISONS[token.word] ?? []).map((other) => replaced('Comparison', token, other));
  const sign = ARITHMETIC[token.word];
  return sign === undefined ? comparisons : [replaced('Arithmetic', token, sign)];
}

function joinEdits(tokens: readonly Token[], at: number): Edit[] {
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (token === undefined) return [];
  const narrower = NARROWER[token.word];
  if (narrower !== undefined && next?.word === 'JOIN')
    return [replaced('Join', { start: token.start, end: next.end }, narrower)];
  const before = tokens[at - 1]?.word ?? '';
  if (token.word !== 'JOIN' || before === 'CROSS' || before in NARROWER) return [];
  return [replaced('Join', token, 'LEFT JOIN')];
}

/** Each term of ORDER BY in the other direction. */
function orderEdits(tokens: readonly Token[], at: number): Edit[] {
  const by = tokens[at + 1];
  if (tokens[at]?.word !== 'ORDER' || by?.word !== 'BY') return [];
  const edits: Edit[] = [];
  for (let last = at + 2; ; last++) {
    const token = tokens[last];
    const next = tokens[last + 1];
    if (token === undefined || token.depth < by.depth) return edits;
    // A parenthesis that closes what ORDER BY stands in is on another level; one on its own level belongs to a call.
    const isEnd =
      next === undefined ||
      next.depth < by.depth ||
      (next.depth === by.depth && next.word !== ')' && ENDS_TERM.has(next.word));
    if (!isEnd) continue;
    if (token.word === 'DESC') edits.push(replaced('Order', token, 'ASC'));
    else if (token.word === 'ASC') edits.push(replaced('Order', token, 'DESC'));
    else if (token.word !== ',') edits.push(replaced('Order', { start: token.end, end: token.end }, ' DESC'));
    if (next?.word !== ',' || next.depth !== by.depth) return edits;
  }
}

/** The term after WHERE, HAVING, ON or AND is dropped; AND and OR change places. The AND of BETWEEN stays. */
function termEdits(tokens: readonly Token[], at: number): Edit[] {
  const token = tokens[at];
  if (token === undefined) return [];
  const edits: Edit[] = [];
  const isBetween = token.word === 'AND' && isOfBetween(tokens, at);
  if (isBetween) return [];
  if (token.word === 'AND') edits.push(replaced('Logic', token, 'OR'));
  if (token.word === 'OR') edits.push(replaced('Logic', token, 'AND'));
  if (!['WHERE', 'HAVING', 'AND', 'ON'].includes(token.word)) return edits;
  if (token.word === 'ON' && ['DELETE', 'UPDATE'].includes(tokens[at + 1]?.word ?? '')) return edits;
  // `CREATE INDEX … ON table`, `CREATE TRIGGER … ON table`: no term.
  if (token.word === 'ON' && !['AS', 'JOIN'].includes(joinedBefore(tokens, at))) return edits;
  const end = endOfTerm(tokens, at);
  if (end === null) return edits;
  const term = { start: (tokens[at + 1] ?? token).start, end: end.end };
  edits.push(
    token.word === 'AND'
      ? replaced('DroppedTerm', { start: token.start, end: end.end }, '')
      : replaced('DroppedTerm', term, '1'),
  );
  return edits;
}

/** `JOIN` when the words before this ON are a join with its table. */
function joinedBefore(tokens: readonly Token[], at: number): string {
  const depth = tokens[at]?.depth;
  for (let before = at - 1; before >= 0; before--) {
    const token = tokens[before];
    if (token === undefined || token.depth !== depth) continue;
    if (['JOIN', 'INDEX', 'TRIGGER', 'INSERT', 'UPDATE', 'DELETE', ';'].includes(token.word))
      return token.word;
  }
  return '';
}

function endOfTerm(tokens: readonly Token[], at: number): Token | null {
  const depth = tokens[at]?.depth ?? 0;
  let last: Token | null = null;
  let isBetween = false;
  for (const token of tokens.slice(at + 1)) {
    if (token.depth < depth) return last;
    if (token.depth === depth) {
      if (token.word === 'BETWEEN') isBetween = true;
      else if (token.word === 'AND' && isBetween) isBetween = false;
      else if (ENDS_TERM.has(token.word) && token.word !== ')') return last;
    }
    last = token;
  }
  return last;
}

function isOfBetween(tokens: readonly Token[], at: number): boolean {
  const depth = tokens[at]?.depth;
  for (let before = at - 1; before >= 0; before--) {
    const token = tokens[before];
    if (token === undefined || token.depth < (depth ?? 0)) return false;
    if (token.depth !== depth) continue;
    if (token.word === 'BETWEEN') return true;
    if (ENDS_TERM.has(token.word)) return false;
  }
  return false;
}

function wordEdits(tokens: readonly Token[], at: number, text: string): Edit[] {
  const [token, next] = [tokens[at], tokens[at + 1]];
  if (token === undefined) return [];
  if (/^\d+$/.test(token.text)) return [replaced('Number', token, String(Number(token.text) + 1))];
  if (token.text.startsWith("'") && token.text.length > 2) return [replaced('String', token, "''")];
  if (token.word === 'NOT' && next?.word === 'EXISTS')
    return [replaced('Logic', { start: token.start, end: next.start }, '')];
  if (token.word === 'ROWS') return [replaced('Frame', token, 'RANGE')];
  if (token.word === 'DISTINCT')
    return [replaced('Distinct', { start: token.start, end: next?.start ?? token.end }, '')];
  if (token.word === 'UNION' && next?.word === 'ALL')
    return [replaced('Union', { start: token.start, end: next.end }, 'UNION')];
  if (next?.text !== '(') return [];
  if (token.word === 'COALESCE') return coalesceEdits(tokens, at, text);
  const other = FUNCTIONS[token.word];
  return other === undefined ? [] : [replaced('Function', token, other)];
}

/** `COALESCE(a, b)` becomes `(a)`. */
function coalesceEdits(tokens: readonly Token[], at: number, text: string): Edit[] {
  const [token, open] = [tokens[at], tokens[at + 1]];
  if (token === undefined || open === undefined) return [];
  const inside = tokens.slice(at + 2);
  const comma = inside.find(({ word, depth }) => word === ',' && depth === open.depth + 1);
  const close = inside.find(({ word, depth }) => word === ')' && depth === open.depth);
  if (comma === undefined || close === undefined) return [];
  // With one value it would be an error of its own: the name goes too.
  const first = `(${text.slice(open.end, comma.start)}`;
  return [replaced('Coalesce', { start: token.start, end: close.start }, first)];
}

/** NOT NULL, UNIQUE, CHECK (…), REFERENCES … (…) and what it does ON DELETE, DEFAULT, each dropped. */
function constraintEdits(tokens: readonly Token[], at: number): Edit[] {
  const [token, next, after] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (token === undefined) return [];
  const dropped = (end: number): Edit[] => [replaced('DroppedConstraint', { start: token.start, end }, '')];
  if (token.word === 'STRICT') return dropped(token.end);
  if (next === undefined) return [];
  const before = tokens[at - 1]?.word;
  if (token.word === 'NOT' && next.word === 'NULL' && before !== 'IS') return dropped(next.end);
  if (token.word === 'IS' && next.word === 'NULL') return [replaced('Null', next, 'NOT NULL')];
  if (token.word === 'IS' && next.word === 'NOT') return [replaced('Null', next, '')];
  if (token.word === 'UNIQUE') {
    const isTables = next.text === '(';
    // A constraint of the table needs its comma gone too.
    if (!isTables) return dropped(token.end);
    const comma = tokens[at - 1];
    const close = closing(tokens, at + 1);
    if (comma?.text !== ',' || close === null) return [];
    return [replaced('DroppedConstraint', { start: comma.start, end: close.end }, '')];
  }
  if (token.word === 'CHECK' && next.text === '(') {
    const close = closing(tokens, at + 1);
    if (close === null) return [];
    const comma = tokens[at - 1];
    const start = comma?.text === ',' ? comma.start : token.start;
    return [replaced('DroppedConstraint', { start, end: close.end }, '')];
  }
  if (token.word === 'REFERENCES') {
    let last = after?.text === '(' ? closing(tokens, at + 2) : next;
    const on = last === null ? -1 : tokens.indexOf(last) + 1;
    if (tokens[on]?.word === 'ON') last = tokens[on + 2] ?? last;
    return last === null ? [] : dropped(last.end);
  }
  if (token.word === 'ON' && ['DELETE', 'UPDATE'].includes(next.word) && before === ')')
    return after === undefined ? [] : dropped(after.end);
  if (token.word === 'COLLATE') return dropped(next.end);
  if (token.word === 'DEFAULT' && /^(?:\d+|'.*')$/.test(next.text)) return dropped(next.end);
  return [];
}

function closing(tokens: readonly Token[], open: number): Token | null {
  const depth = tokens[open]?.depth;
  return tokens.slice(open + 1).find((token) => token.word === ')' && token.depth === depth) ?? null;
}
