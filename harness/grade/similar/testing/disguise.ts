import { transformSync } from 'esbuild';
import { parse } from '@babel/parser';

/** For tests: a program with other names, other layout, no types and comments, and its top-level parts in another order. */
export function disguise(files: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...files].map(([path, text]) => [path, /\.ts$/.test(path) ? program(text) : other(text)]));
}

function program(text: string): string {
  const { code } = transformSync(reordered(text), {
    loader: 'ts',
    minifyIdentifiers: true,
    legalComments: 'none',
  });
  return code.replace(/^ +/gm, (spaces) => '\t'.repeat(spaces.length)).replace(/;\n/g, ';\n\n');
}

/** Imports stay on top, what follows them is turned round. */
function reordered(text: string): string {
  const { body } = parse(text, { sourceType: 'module', plugins: ['typescript'] }).program;
  const parts = body.map(({ type, start, end }) => ({ type, text: text.slice(start ?? 0, end ?? 0) }));
  const imports = parts.filter(({ type }) => type === 'ImportDeclaration');
  const others = parts.filter(({ type }) => type !== 'ImportDeclaration');
  return [...imports, ...others.toReversed()].map((part) => part.text).join('\n');
}

function other(text: string): string {
  return text.replace(/[ \t]+/g, '  ').replace(/^(\S.*)$/gm, '$1  ');
}
