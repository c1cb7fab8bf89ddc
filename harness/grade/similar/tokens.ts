import { parse } from '@babel/parser';

/** A token of a program without its names and values. Lines count from 0; the last one is included. */
export type Token = { kind: string; from: number; to: number };

/** More of one file is not looked at, in UTF-16 units: nobody writes it by hand. */
const MOST_TEXT = 128 * 1024;

/** More tokens of one file are not looked at. The largest of our own solutions has a fifth of it. */
export const MOST_TOKENS = 20_000;

const SCRIPT = /\.[cm]?[jt]sx?$/;

/** What differs without a difference: a copy that swaps one for the other stays a copy. */
const SAME: Readonly<Record<string, string>> = {
  ArrowFunctionExpression: 'Function',
  FunctionDeclaration: 'Function',
  FunctionExpression: 'Function',
  ObjectMethod: 'Function',
  ClassMethod: 'Function',
  ClassPrivateMethod: 'Function',
  TemplateLiteral: 'StringLiteral',
  OptionalMemberExpression: 'MemberExpression',
  OptionalCallExpression: 'CallExpression',
};

/** Nothing of these runs: types, and what surrounds an expression only for the compiler's sake. Their inside is looked at. */
const HOLLOW = new Set([
  'File',
  'Program',
  'ExportNamedDeclaration',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
]);

/** Not looked at at all: types can be put in and left out without changing the program, and pieces of text are values. */
const TYPES =
  /^TS(?!AsExpression|SatisfiesExpression|NonNullExpression|ParameterProperty|Enum|Export)|^TemplateElement$/;

/**
 * The tokens of a file, in order. Programs: the nodes of the syntax tree, with the end of each one that holds others;
 * names, values, comments and layout are not in it. Other files, and programs that cannot be parsed: words and signs.
 * Text is only read here; nothing of it is run. It never throws.
 */
export function tokensOf(path: string, text: string): Token[] {
  const read = text.slice(0, MOST_TEXT);
  if (!SCRIPT.test(path)) return words(path, read);
  try {
    const tree = parse(read, {
      sourceType: 'module',
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      plugins: path.endsWith('x') ? ['typescript', 'jsx'] : ['typescript', 'decorators'],
    });
    return nodes(tree);
  } catch {
    // A syntax error that the parser cannot pass over, or nesting deeper than its stack (RangeError).
    return words(path, read);
  }
}

type Node = { type: string; start: number; loc: { start: { line: number }; end: { line: number } } };

/** The tree as a list, by a stack of our own: the parser's stack is no longer there to give out. */
function nodes(tree: unknown): Token[] {
  const tokens: Token[] = [];
  const open: ({ node: Node } | { end: Token })[] = isNode(tree) ? [{ node: tree }] : [];
  for (let next = open.pop(); next !== undefined && tokens.length < MOST_TOKENS; next = open.pop()) {
    if ('end' in next) {
      tokens.push(next.end);
      continue;
    }
    const { node } = next;
    const inside = childrenOf(node);
    if (!HOLLOW.has(node.type)) {
      const from = node.loc.start.line - 1;
      const to = node.loc.end.line - 1;
      const isLeaf = inside.length === 0;
      tokens.push({ kind: kindOf(node), from, to: isLeaf ? to : from });
      if (!isLeaf) open.push({ end: { kind: ')', from: to, to } });
    }
    for (const child of inside.toReversed()) open.push({ node: child });
  }
  return tokens;
}

function kindOf(node: Node & { operator?: unknown; kind?: unknown }): string {
  const type = SAME[node.type] ?? node.type;
  return typeof node.operator === 'string' ? `${type} ${node.operator}` : type;
}

function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc' || key === 'extra' || key.endsWith('omments') || key === 'errors' || key === 'tokens')
      continue;
    if (Array.isArray(value)) found.push(...(value as unknown[]).filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  // Parts of a template, for one, do not come in the order in which they are written.
  return found.filter(({ type }) => !TYPES.test(type)).toSorted((one, other) => one.start - other.start);
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string' &&
    'loc' in value
  );
}

/** Strings, numbers, words and signs. Words of the language carry the meaning here, so they stay; values do not. */
function words(path: string, text: string): Token[] {
  const tokens: Token[] = [];
  const isSql = path.endsWith('.sql');
  for (const [line, full] of text.split('\n').entries()) {
    // One line of a megabyte is no line that somebody wrote.
    const content = full.slice(0, 2_000).replace(isSql ? /--.*$/ : /(^|\s)(#|\/\/).*$/, '');
    for (const [word] of content.matchAll(
      /'[^']*'|"[^"]*"|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_-]*|[^\s\p{L}\p{N}]/gu,
    )) {
      const kind = /^['"]/.test(word) ? 'text' : /^\d/.test(word) ? 'number' : word.toLowerCase();
      tokens.push({ kind, from: line, to: line });
      if (tokens.length >= MOST_TOKENS) return tokens;
    }
  }
  return tokens;
}
