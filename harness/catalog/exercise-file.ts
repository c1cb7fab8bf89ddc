import { distance } from 'fastest-levenshtein';
import { z } from 'zod';
import type { PartKind } from './exercise.ts';
import { parseJson } from './json-text.ts';
import { printable, quoted } from './printable.ts';

/** How a folder of exercises/ is called: two digits, then words in lower case. */
export const EXERCISE_ID = /^\d{2}-[a-z0-9]+(-[a-z0-9]+)*$/;

const PART_KINDS = [
  'http',
  'module',
  'sql',
  'files',
  'script',
  'tests',
  'program',
] as const satisfies readonly PartKind[];

/** Every message below completes "Expected: …". */
const EXPECTED = {
  file: 'an object with title, phase, minutes, difficulty, requires, editable, parts and rules',
  title: 'a title of one line, without spaces around it',
  phase: 'a whole number from 1 to 5',
  minutes: 'a number of minutes, greater than 0',
  difficulty: 'a whole number from 1 to 5',
  requires: 'a list of exercise ids such as "03-crud-api", each once; [] when nothing is required',
  id: 'an exercise id such as "03-crud-api"',
  editable: 'a list of one or more globs such as "src/**/*.ts", each once',
  glob: 'a glob such as "src/**/*.ts": relative, with forward slashes, without ".." and without a leading "!"',
  parts: 'an object with one or more parts: { "api": { "kind": "http", "entry": "src/app.ts" } }',
  partName: 'a part name in lower case such as "api"',
  part: 'an object with kind and entry',
  kind: `one of ${PART_KINDS.map((kind) => `"${kind}"`).join(', ')}`,
  entry: 'a file such as "src/app.ts": relative, with forward slashes, without "." and ".."',
  exports: 'a list of exported names such as "createApp", each once',
  exportName: 'the name of an export such as "createApp"',
  packages: 'a list of npm package names such as "express", each once',
  packageName: 'the name of an npm package such as "express"',
  modules: 'a list of module names that begin with "node:", each once',
  moduleName: 'a module name that begins with "node:", such as "node:fs/promises"',
  rules: 'an object from rule ids to what differs from the default: { "R3": { "needs": ["R1"] } }',
  ruleId: 'a rule id such as "R7" or "Q01"',
  rule: 'an object with part, needs, keep, evidence or graded',
  needs: 'a list of rule ids such as "R1", each once',
  evidence: '"outside" or "inside"',
  boolean: 'true or false',
};

const named = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });
const number = (error: string) => z.number({ error });
const oneToFive = (error: string) => number(error).int({ error }).min(1, { error }).max(5, { error });
const list = <Item extends z.ZodType<string>>(item: Item, error: string) =>
  z.array(item, { error }).refine((items) => new Set(items).size === items.length, { error });

/** Segments that stay below the folder on every platform: no drive, no backslash, no empty, `.` or `..` segment. */
function staysBelow(path: string): boolean {
  if (path.length > 200 || /[\\:\p{Cc}]/u.test(path)) return false;
  return path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/** A leading `!` would match everything but the named files; `..` inside braces would leave the folder. */
function isGlob(glob: string): boolean {
  return staysBelow(glob) && !glob.startsWith('!') && !glob.includes('..');
}

const ruleId = named(/^[RQ]\d+$/, EXPECTED.ruleId);

const part = z.strictObject(
  {
    kind: z.enum(PART_KINDS, { error: EXPECTED.kind }),
    entry: z.string({ error: EXPECTED.entry }).refine(staysBelow, { error: EXPECTED.entry }),
    exports: list(
      named(/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u, EXPECTED.exportName),
      EXPECTED.exports,
    ).default([]),
    packages: list(
      named(/^(@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/, EXPECTED.packageName),
      EXPECTED.packages,
    ).default([]),
    modules: list(
      named(/^node:[a-z0-9_]+(\/[a-z0-9_]+)*$/, EXPECTED.moduleName),
      EXPECTED.modules,
    ).optional(),
  },
  { error: EXPECTED.part },
);

const rule = z.strictObject(
  {
    /** Default: the first part of the file. */
    part: z.string({ error: EXPECTED.partName }).optional(),
    needs: list(ruleId, EXPECTED.needs).default([]),
    keep: z.boolean({ error: EXPECTED.boolean }).default(false),
    evidence: z.enum(['outside', 'inside'], { error: EXPECTED.evidence }).default('outside'),
    graded: z.boolean({ error: EXPECTED.boolean }).default(false),
  },
  { error: EXPECTED.rule },
);

/** exercise.json. Parts keep their order: a rule that names no part belongs to the first. */
export const exerciseFile = z.strictObject(
  {
    title: named(/^\S(.*\S)?$/, EXPECTED.title),
    phase: oneToFive(EXPECTED.phase),
    minutes: number(EXPECTED.minutes).positive({ error: EXPECTED.minutes }),
    difficulty: oneToFive(EXPECTED.difficulty),
    requires: list(named(EXERCISE_ID, EXPECTED.id), EXPECTED.requires),
    editable: list(
      z.string({ error: EXPECTED.glob }).refine(isGlob, { error: EXPECTED.glob }),
      EXPECTED.editable,
    ).refine((globs) => globs.length > 0, { error: EXPECTED.editable }),
    parts: z
      .record(named(/^[a-z][a-z0-9-]*$/, EXPECTED.partName), part, { error: EXPECTED.parts })
      .refine((parts) => Object.keys(parts).length > 0, { error: EXPECTED.parts }),
    rules: z.record(ruleId, rule, { error: EXPECTED.rules }).default({}),
  },
  { error: EXPECTED.file },
);
export type ExerciseFile = z.infer<typeof exerciseFile>;

/** A mistake in exercise.json. `key` is a path such as `parts.server.kind`, `line 3, column 8`, or null for the whole. */
export type ExerciseFileProblem = { key: string | null; expected: string; message: string };

/** Reads the text of an exercise.json. The problems are never empty, and the one to show first comes first. */
export function parseExerciseFile(
  text: string,
):
  | { ok: true; file: ExerciseFile }
  | { ok: false; problems: [ExerciseFileProblem, ...ExerciseFileProblem[]] } {
  // Some editors begin a file with a byte order mark; JSON does not know it.
  const json = parseJson(text.replace(/^\ufeff/, ''));
  if (!json.ok) {
    const { line, column, expected, message } = json.problem;
    return { ok: false, problems: [{ key: `line ${line}, column ${column}`, expected, message }] };
  }
  const parsed = exerciseFile.safeParse(json.value);
  if (parsed.success) return { ok: true, file: parsed.data };
  // An unknown key is often the missing key, misspelt: it is the better clue.
  const issues = parsed.error.issues.toSorted(
    (a, b) => Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'),
  );
  const [first, ...others] = issues.flatMap((issue) => describeIssue(issue, json.value));
  return { ok: false, problems: [first ?? { key: null, expected: EXPECTED.file, message: '' }, ...others] };
}

function describeIssue(issue: z.core.$ZodIssue, input: unknown): ExerciseFileProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(issue.path);
    return issue.keys.map((key) => ({
      key: pathText([...issue.path, key]),
      expected: `only the keys ${known.join(', ')}`,
      message: unknownKey(key, known),
    }));
  }
  const key = issue.path.length === 0 ? null : pathText(issue.path);
  if (issue.code === 'invalid_key') {
    const name = String(issue.path.at(-1));
    return [
      { key, expected: issue.issues[0]?.message ?? issue.message, message: `The key is ${quoted(name)}.` },
    ];
  }
  return [{ key, expected: issue.message, message: describeValue(valueAt(input, issue.path)) }];
}

function knownKeys(path: PropertyKey[]): string[] {
  if (path[0] === 'parts') return Object.keys(part.shape);
  if (path[0] === 'rules') return Object.keys(rule.shape);
  return Object.keys(exerciseFile.shape);
}

function unknownKey(key: string, known: string[]): string {
  const near = known.find((candidate) => distance(candidate, key.toLowerCase()) <= 2);
  const hint = near === undefined ? '' : ` Perhaps "${near}" is meant.`;
  return `The key ${quoted(key)} is not known here.${hint}`;
}

function pathText(path: PropertyKey[]): string {
  return printable(path.map(String).join('.'));
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'It is missing.';
  if (typeof value === 'string') return `The value is ${quoted(value)}.`;
  if (Array.isArray(value))
    return value.length === 0 ? 'The value is an empty list.' : `The value is ${listText(value)}.`;
  if (typeof value === 'object' && value !== null) {
    return Object.keys(value).length === 0 ? 'The value is an empty object.' : 'The value is an object.';
  }
  return `The value is ${JSON.stringify(value)}.`;
}

function listText(items: unknown[]): string {
  const twice = items.find((item, index) => typeof item === 'string' && items.indexOf(item) !== index);
  return typeof twice === 'string' ? `a list that names ${quoted(twice)} twice` : 'a list';
}
