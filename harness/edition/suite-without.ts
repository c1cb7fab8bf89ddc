import { posix } from 'node:path';
import { parse } from '@babel/parser';

type Statement = ReturnType<typeof parse>['program']['body'][number];
type ImportDeclaration = Extract<Statement, { type: 'ImportDeclaration' }>;

export type SuiteWithout =
  | { ok: true; files: Map<string, string> }
  /** `why`: a sentence. */
  | { ok: false; rule: string; why: string };

/** Statements of a file at its outermost level: a rule, a function, an import. */
type Piece = {
  node: Statement;
  /** Where its text begins, with the comment that stands right above it. */
  start: number;
  end: number;
  /** Names that it gives to the file. */
  declares: string[];
  /** Names that occur in it. */
  mentions: Set<string>;
  exported: boolean;
  /** Somebody used it before any rule was taken out. */
  wasUsed: boolean;
  /** The same of each name that an import brings. */
  importsUsed: Set<string>;
};

type Source = { name: string; text: string; pieces: Piece[] };

/**
 * The suites of an exercise without some rules, by syntax tree: each `rule('R12', …)`, and whatever was there for those rules
 * alone, such as a function that nothing else calls. What anything else may use stays. `files`: path below hidden/ → text. A rule that no statement of its own defines cannot be taken out.
 */
export function suiteWithout(files: ReadonlyMap<string, string>, rules: ReadonlySet<string>): SuiteWithout {
  const sources = sourcesOf(files);
  for (const source of sources) {
    for (const piece of source.pieces) {
      piece.wasUsed = isUsed(piece, source, sources);
      const locals = piece.node.type === 'ImportDeclaration' ? piece.node.specifiers : [];
      const used = locals.map(({ local }) => local.name).filter((name) => isMentioned(name, piece, source));
      piece.importsUsed = new Set(used);
    }
  }
  for (const rule of rules) {
    const owners = sources.filter(({ pieces }) => pieces.some((piece) => definedRule(piece.node) === rule));
    if (owners.length === 1) continue;
    const why = `No suite has rule('${rule}', …) as a statement of its own, so it cannot be taken out.`;
    return { ok: false, rule, why };
  }
  for (const source of sources) {
    source.pieces = source.pieces.filter(({ node }) => !rules.has(definedRule(node) ?? ''));
  }
  while (dropUnused(sources));
  const left = new Map<string, string>();
  for (const [name, text] of files) {
    const source = sources.find((each) => each.name === name);
    if (source === undefined) left.set(name, text);
    else if (isNeeded(source, sources, text)) left.set(name, textOf(source));
  }
  return { ok: true, files: left };
}

/** The suites, and what they import of the files beside them. Whatever else lies there is data, and stays as it is. */
function sourcesOf(files: ReadonlyMap<string, string>): Source[] {
  const found = new Map<string, Source>();
  const waiting = [...files.keys()].filter((name) => name.endsWith('.suite.ts'));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const text = files.get(name);
    if (text === undefined || found.has(name)) continue;
    const source: Source = { name, text, pieces: piecesOf(text) };
    found.set(name, source);
    for (const { node } of source.pieces) {
      const from = 'source' in node ? importedFile(source, node.source?.value) : null;
      if (from?.endsWith('.ts') === true) waiting.push(from);
    }
  }
  return [...found.values()];
}

/** The file that `./x.ts` means in a file; null: a package, or nothing. */
function importedFile(reader: Pick<Source, 'name'>, specifier: string | undefined): string | null {
  if (specifier === undefined || !specifier.startsWith('.')) return null;
  return posix.join(posix.dirname(reader.name), specifier);
}

function piecesOf(text: string): Piece[] {
  const { program } = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  return program.body.map((node) => ({
    node,
    start: startOf(node, text),
    end: node.end ?? text.length,
    declares: declaredBy(node),
    mentions: namesIn(node),
    exported: node.type === 'ExportNamedDeclaration',
    wasUsed: true,
    importsUsed: new Set<string>(),
  }));
}

/** With the comments right above it; one that begins the file, or has an empty line below it, is about more. */
function startOf(node: Statement, text: string): number {
  let start = node.start ?? 0;
  for (const comment of (node.leadingComments ?? []).toReversed()) {
    const [from = 0, to = 0] = [comment.start, comment.end];
    if (from === 0 || /\n\s*\n/.test(text.slice(to, start))) break;
    // A comment at the end of the line before belongs to what stands there.
    if (!/(^|\n)[ \t]*$/.test(text.slice(0, from))) break;
    start = from;
  }
  return start;
}

/** The id in `rule('R12', …)`; null: the statement is another. */
function definedRule(node: Statement): string | null {
  if (node.type !== 'ExpressionStatement') return null;
  const call = node.expression;
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier' || call.callee.name !== 'rule')
    return null;
  const [first] = call.arguments;
  if (first?.type === 'StringLiteral') return first.value;
  if (first?.type === 'TemplateLiteral' && first.expressions.length === 0)
    return first.quasis[0]?.value.cooked ?? null;
  return null;
}

function declaredBy(node: Statement): string[] {
  switch (node.type) {
    case 'ExportNamedDeclaration':
      return node.declaration ? declaredBy(node.declaration) : [];
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return node.id ? [node.id.name] : [];
    case 'TSTypeAliasDeclaration':
    case 'TSInterfaceDeclaration':
      return [node.id.name];
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => [...namesIn(id)]);
    default:
      return [];
  }
}

/** All names in a tree that may lead to a declaration; more rather than fewer. */
function namesIn(node: object): Set<string> {
  const names = new Set<string>();
  const visit = (value: unknown, parent: Record<string, unknown>, key: string): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, parent, key);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const each = value as Record<string, unknown>;
    if (typeof each['type'] !== 'string') return;
    // `answer.status` and `{ status: 1 }` name no declaration.
    const isName = (key === 'property' || key === 'key') && parent['computed'] !== true;
    if (each['type'] === 'Identifier' && isName && parent['shorthand'] !== true) return;
    if (each['type'] === 'Identifier') names.add(String(each['name']));
    for (const [name, child] of Object.entries(each)) {
      if (name !== 'leadingComments' && name !== 'trailingComments' && name !== 'loc')
        visit(child, each, name);
    }
  };
  visit(node, {}, '');
  return names;
}

/** Whether another piece of the file has this name in it. */
function isMentioned(name: string, piece: Piece, { pieces }: Source): boolean {
  return pieces.some((other) => other !== piece && other.mentions.has(name));
}

/** Whether anything in its file, or a file that imports it, names what the piece declares. */
function isUsed(piece: Piece, source: Source, sources: readonly Source[]): boolean {
  if (piece.declares.length === 0) return true;
  const here = piece.declares.some((name) => isMentioned(name, piece, source));
  return here || (piece.exported && sources.some((other) => piece.declares.some(imports(other, source))));
}

/** Tells whether `reader` imports a name from `source`. `import * as …` takes all names. */
function imports(reader: Source, source: Source): (name: string) => boolean {
  const from = reader.pieces.flatMap(({ node }) =>
    (node.type === 'ImportDeclaration' || node.type === 'ExportNamedDeclaration') &&
    importedFile(reader, node.source?.value) === source.name
      ? [node]
      : [],
  );
  return (name) =>
    from.some((node) =>
      node.specifiers.some((each) => {
        if (each.type === 'ImportSpecifier') return nameOf(each.imported) === name;
        return each.type !== 'ExportSpecifier' || each.local.name === name;
      }),
    );
}

function nameOf(node: { type: string; name?: string; value?: string }): string {
  return node.name ?? node.value ?? '';
}

/** Takes out what was used before and is not used any more. Returns whether there was anything. */
function dropUnused(sources: readonly Source[]): boolean {
  let dropped = false;
  for (const source of sources) {
    const stays = source.pieces.filter((piece) => !piece.wasUsed || isUsed(piece, source, sources));
    dropped ||= stays.length < source.pieces.length;
    source.pieces = stays;
    for (const piece of source.pieces) {
      if (piece.node.type === 'ImportDeclaration') dropped = trimImport(piece, piece.node, source) || dropped;
    }
    source.pieces = source.pieces.filter(
      ({ node, wasUsed }) =>
        node.type !== 'ImportDeclaration' ||
        node.specifiers.length > 0 ||
        !wasUsed ||
        isForEffect(node, source),
    );
  }
  return dropped;
}

/** `import './x.ts';` was written so. */
function isForEffect(node: ImportDeclaration, { text }: Source): boolean {
  return !/\bfrom\b/.test(text.slice(node.start ?? 0, node.source.start ?? 0));
}

function trimImport(piece: Piece, node: ImportDeclaration, source: Source): boolean {
  const stays = node.specifiers.filter(
    ({ local }) => !piece.importsUsed.has(local.name) || isMentioned(local.name, piece, source),
  );
  if (stays.length === node.specifiers.length) return false;
  node.specifiers = stays;
  // What it says now is written anew; see textOf.
  node.extra = { ...node.extra, trimmed: true };
  return true;
}

/** A suite without a rule, and a file that nobody imports any more, are gone. */
function isNeeded(source: Source, sources: readonly Source[], before: string): boolean {
  const isImported = sources.some((reader) =>
    reader.pieces.some(
      ({ node }) =>
        node.type === 'ImportDeclaration' && importedFile(reader, node.source.value) === source.name,
    ),
  );
  if (isImported) return true;
  if (!source.name.endsWith('.suite.ts')) return textOf(source) === before;
  return source.pieces.some(({ node }) => definedRule(node) !== null);
}

/** What stands between two pieces stays as it is: empty lines, and comments that are about more than one. */
function textOf({ text, pieces }: Source): string {
  const all = piecesOf(text);
  const isWhole =
    all.length === pieces.length && !pieces.some(({ node }) => node.extra?.['trimmed'] === true);
  if (isWhole) return text;
  let out = '';
  let at = 0;
  for (const { start, end } of all) {
    const kept = pieces.find((piece) => piece.start === start);
    out += text.slice(at, start);
    if (kept !== undefined) out += pieceText(kept, text);
    // The rest of its line goes with it: a comment, and the line break.
    at =
      kept === undefined ? end + (/^[ \t]*(?:\/\/[^\n]*)?\n?/.exec(text.slice(end))?.[0].length ?? 0) : end;
  }
  out += text.slice(at);
  return out.replace(/\n{3,}/g, '\n\n').trimEnd() + '\n';
}

function pieceText({ node, start, end }: Piece, text: string): string {
  if (node.type !== 'ImportDeclaration' || node.extra?.['trimmed'] !== true) return text.slice(start, end);
  const whole: string[] = [];
  const named: string[] = [];
  for (const each of node.specifiers) {
    if (each.type === 'ImportDefaultSpecifier') whole.push(each.local.name);
    else if (each.type === 'ImportNamespaceSpecifier') whole.push(`* as ${each.local.name}`);
    else named.push(text.slice(each.start ?? 0, each.end ?? 0));
  }
  if (named.length > 0) whole.push(`{ ${named.join(', ')} }`);
  const kind = node.importKind === 'type' ? 'import type' : 'import';
  return `${kind} ${whole.join(', ')} from '${node.source.value}';`;
}
