import { distance } from 'fastest-levenshtein';
import type { z } from 'zod';
import { DETAILS } from '../detail.ts';
import { assignedExercise, assignmentFile, ASSIGNMENT_SCHEMA, extension, latePolicy } from './assignment.ts';
import type { FileProblem } from './read.ts';

/** Keys and indexes from the top of the file. */
export type Place = readonly PropertyKey[];

/** What should stand at a key, wherever the key is. */
const EXPECTED: Readonly<Record<string, string>> = {
  schema: String(ASSIGNMENT_SCHEMA),
  title: 'a text of at most 200 characters',
  timezone: 'the name of a time zone, such as Europe/Berlin',
  opens: 'a time such as 2026-12-04 08:00',
  due: 'a time such as 2026-12-04 23:59',
  graceMinutes: 'a number of minutes from 0 to 10080 (a week)',
  late: 'a policy in braces: { policy: none }, { policy: per-day, percent: 10, most: 50 }, { policy: decay, hours: 48, most: 100 } or { policy: zero }',
  policy: 'none, per-day, decay or zero',
  percent: 'a number from 0 to 100',
  most: 'a number from 0 to 100',
  hours: 'a number of hours above 0, at most 10000',
  lateDays: 'a whole number from 0 to 365',
  attempts: 'a whole number from 1 to 1000, or null for no limit',
  show: 'what is shown before and after the due time, in braces: { before: full, after: full }',
  before: `one of ${DETAILS.join(', ')}`,
  after: `one of ${DETAILS.join(', ')}`,
  exercises: 'a list with 1 to 100 exercises, each a line like `- id: 01-http-server`',
  id: 'the id of an exercise, such as 01-http-server',
  weight: 'a number from 0 to 1000',
  asks: 'core or all',
  extensions: 'a list with at most 10000 extensions, each beginning with `- student: ada`',
  student: 'the student’s name in the roster',
  exercise: 'the id of an exercise of this assignment',
  why: 'a text of at most 500 characters',
};

const ELEMENT: Readonly<Record<string, string>> = {
  exercises: 'a line like `- id: 01-http-server`, with its other keys below `id`',
  extensions: '`- student: ada`, with `due:` below `student`',
};

/** What a finding of the schema means for who wrote the file: what stands there, and what should. */
export function shapeProblem(issue: z.core.$ZodIssue, file: unknown): FileProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      at: [...issue.path, key],
      message: unknownKey(key, keysAt(issue.path, file)),
    }));
  }
  const there = valueAt(file, issue.path);
  const expected = expectedAt(issue.path);
  const last = issue.path.at(-1);
  if (there === undefined)
    return [{ at: issue.path, message: `${String(last)} is missing. Expected: ${expected}.` }];
  const hint = timeHint(there);
  return [{ at: issue.path, message: `There is ${said(there)}. Expected: ${expected}.${hint}` }];
}

function expectedAt(path: Place): string {
  const last = path.at(-1);
  if (typeof last === 'number') return ELEMENT[String(path.at(-2))] ?? 'another value';
  if (last === undefined) return 'keys such as timezone, due and exercises';
  return EXPECTED[String(last)] ?? 'another value';
}

function unknownKey(key: string, known: readonly string[]): string {
  const near = known.find((each) => distance(each.toLowerCase(), key.toLowerCase()) <= 2);
  const next = near === undefined ? `Known here: ${known.join(', ')}.` : `Did you mean ${near}?`;
  return `There is no key ${key === '' ? '""' : key}. ${next}`;
}

function keysAt(path: Place, file: unknown): string[] {
  const [first, second] = path;
  if (first === undefined) return Object.keys(assignmentFile.shape);
  if (first === 'show') return ['before', 'after'];
  if (first === 'late') {
    const policy = valueAt(file, ['late', 'policy']);
    const option = latePolicy.options.find((each) => each.shape.policy.value === policy);
    return Object.keys((option ?? latePolicy.options[0]).shape);
  }
  if (typeof second !== 'number') return [];
  return Object.keys(first === 'extensions' ? extension.shape : assignedExercise.shape);
}

/** The value at a place of what YAML made; undefined: nothing is there. */
export function valueAt(value: unknown, path: Place): unknown {
  let here = value;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<PropertyKey, unknown>)[key];
  }
  return here;
}

/** A value as it may have been written, short. */
function said(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return `${value}`;
  return 'a group of keys';
}

/** Times are often written as programs write them. */
function timeHint(there: unknown): string {
  if (typeof there !== 'string') return '';
  if (/^\d{4}-\d{2}-\d{2}$/.test(there)) return ' The time of day is missing.';
  const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(there);
  if (iso === null) return '';
  const zone = iso[5] === undefined ? '' : ', as the clock shows it in the time zone of the assignment';
  return ` Write date and time with a space between them and nothing after them${zone}.`;
}
