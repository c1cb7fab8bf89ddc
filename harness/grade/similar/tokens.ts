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
    for (let at = inside.length - 1; at >= 0; at--) {
      const child = inside[at];
      if (child !== undefined) open.push({ node: child });
    }
  }
  return tokens;
}

function kindOf(node: Node & { operator?: unknown; kind?: unknown }): string {
  const type = SAME[node.type] ?? node.type;
  return typeof node.operator === 'string' ? `${type} ${node.operator}` : type;
}

/** Written as loops: a class has tens of millions of nodes. */
function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  let inOrder = true;
  const take = (value: unknown): void => {
    if (!isNode(value) || TYPES.test(value.type)) return;
    inOrder &&= value.start >= (found.at(-1)?.start ?? 0);
    found.push(value);
  };
  const values = node as Node & Record<string, unknown>;
  for (const key in values) {
    const value = values[key];
    if (typeof value !== 'object' || value === null || NO_CHILDREN.has(key)) continue;
    if (Array.isArray(value)) for (const each of value as unknown[]) take(each);
    else take(value);
  }
  // Parts of a template, for one, do not come in the order in which they are written.
  return inOrder ? found : found.toSorted((one, other) => one.start - other.start);
}

/** What hangs on a node of the tree and is no part of the program. */
const NO_CHILDREN = new Set([
  'loc',
  'extra',
  'errors',
  'tokens',
  'comments',
  'leadingComments',
  'innerComments',
  'trailingComments',
]);

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
