import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parse } from '@babel/parser';
import { ENTRIES, PAGES, TESTS } from '../build/build.mjs';

/** What learners run. Every other command is for instructors and authors, and is not part of an edition. */
export const LEARNER_COMMANDS = [
  'check',
  'watch',
  'start',
  'quiz',
  'list',
  'hint',
  'solution',
  'reset',
  'unlock',
  'skip',
  'serve',
  'doctor',
  'update',
] as const;

/** Rooms whose processes only those other commands start. */
const OTHER_ROOMS = /^harness\/(attack|bench|edition|grade|matrix|mutate|scaffold|screencast|verify)\//;

/** Files that no import leads to: what starts a build, what is built for the page, what is read while a command runs. */
const DATA =
  /^harness\/(build\/(build\.mjs|build\.d\.mts|run\.mjs)|dashboard\/client\/.*\.(css|json)|quiz\/decks\/.*\.json)$/;

/**
 * The files of harness/ and scripts/ that the learners' commands are made of: all that imports lead to, for types as well,
 * and their data. So no test, no corpus and no room of authors comes along. `known`: the files of the workbook.
 */
export function harnessFiles(root: string, known: ReadonlySet<string>): string[] {
  const scripts = LEARNER_COMMANDS.map((name) => `scripts/${name}.ts`);
  const built = [...Object.values(ENTRIES), ...Object.values(TESTS), ...PAGES.map((page) => page.in)];
  const waiting = [...scripts, ...built.filter((file) => !OTHER_ROOMS.test(file))].filter((file) =>
    known.has(file),
  );
  const found = new Set(waiting);
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    for (const next of file.endsWith('.ts') ? importsOf(root, file) : []) {
      if (found.has(next) || !known.has(next)) continue;
      found.add(next);
      waiting.push(next);
    }
  }
  for (const file of known) if (DATA.test(file)) found.add(file);
  return [...found].toSorted();
}

/** The files that one file imports, as paths from the root; not all of them need to be there. */
function importsOf(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const { program } = parse(text, { sourceType: 'module', plugins: ['typescript'] });
  const named = program.body.flatMap((node) => ('source' in node && node.source ? [node.source.value] : []));
  // `import('./x.ts')`, for a module or a type, stands anywhere.
  if (/\bimport\(/.test(text)) named.push(...importedInside(program.body));
  return named.flatMap((name) => {
    if (name === '#suite') return ['harness/suite/index.ts'];
    return /^\.\.?\//.test(name) ? [posix.join(posix.dirname(file), name)] : [];
  });
}

function importedInside(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(importedInside);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as { type?: unknown; argument?: unknown; source?: unknown; callee?: { type?: unknown } };
  const isCall = node.callee?.type === 'Import';
  const [first] = isCall ? (value as { arguments: unknown[] }).arguments : [node.argument ?? node.source];
  const text = first as { type?: unknown; value?: unknown } | null | undefined;
  const named = isCall || node.type === 'TSImportType' || node.type === 'ImportExpression';
  return [
    ...(named && text?.type === 'StringLiteral' && typeof text.value === 'string' ? [text.value] : []),
    ...Object.entries(value).flatMap(([key, child]) =>
      /Comments$|^loc$/.test(key) ? [] : importedInside(child),
    ),
  ];
}
