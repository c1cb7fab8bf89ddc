import { basename } from 'node:path';
import { isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Exercise } from '../../catalog/exercise.ts';
import { failureText, readTextFile } from '../../catalog/regular-file.ts';
import { neutralise } from '../../verdict/neutralise.ts';
import { assignmentFile, NAME } from './assignment.ts';
import type { Assignment, AssignmentFile } from './assignment.ts';
import { meaningProblems, notesOn } from './meaning.ts';
import { shapeProblem } from './shape-problem.ts';
import type { Place } from './shape-problem.ts';
import { instantOf } from './times.ts';

/** What stands wrong in an assignment file, and where. `at`: keys and indexes from the top; empty: the file as a whole. */
export type FileProblem = { at: Place; message: string };

/** `notes`: what is allowed and probably not meant, a sentence each. `message`: all that is wrong, several lines. */
export type AssignmentRead =
  { ok: true; assignment: Assignment; notes: string[] } | { ok: false; message: string };

const MAX_BYTES = 4 * 1024 * 1024;
const MOST_PROBLEMS = 20;

/** Reads assignments/NAME.yaml. `known`: the exercises of this workbook, in their order. */
export function readAssignment(file: string, known: readonly Pick<Exercise, 'id'>[]): AssignmentRead {
  const read = readTextFile(file, MAX_BYTES);
  if (!read.ok)
    return { ok: false, message: `${line(file)} cannot be read. ${failureText(read, MAX_BYTES)} ${NEXT}` };
  return parseAssignment(read.text, file, known);
}

/** The same, of a text. `file` is only named. */
export function parseAssignment(
  text: string,
  file: string,
  known: readonly Pick<Exercise, 'id'>[],
): AssignmentRead {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    lineCounter: lines,
    uniqueKeys: true,
    merge: false,
  });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const at = broken.linePos?.[0];
    const why = broken.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? '';
    const where = at === undefined ? '' : `line ${at.line}, column ${at.col}: `;
    return {
      ok: false,
      message: `${line(file)} is no YAML that can be read.\n  ${where}${line(why)}. ${yamlHelp(broken.code)}`,
    };
  }
  const raw = valueOf(document);
  if (!raw.ok) return { ok: false, message: `${line(file)}: ${line(raw.why)}` };
  if (raw.value === null || raw.value === undefined)
    return { ok: false, message: `${line(file)} is empty. ${NEXT}` };

  const parsed = assignmentFile.safeParse(raw.value);
  const name = basename(file).replace(/\.ya?ml$/i, '');
  const problems: FileProblem[] = [
    ...(NAME.test(name) ? [] : [{ at: [], message: BAD_NAME }]),
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => shapeProblem(issue, raw.value))),
    ...meaningProblems(raw.value, known),
  ];
  if (problems.length > 0 || !parsed.success)
    return { ok: false, message: problemsText(file, problems, document, lines) };
  return { ok: true, assignment: withInstants(name, parsed.data), notes: notesOn(parsed.data) };
}

function valueOf(document: Document.Parsed): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: document.toJS({ maxAliasCount: 100 }) };
  } catch (error) {
    // Aliases of aliases of aliases: a bomb, or a mistake.
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Times have been looked at: every one of them is an instant. */
function withInstants(name: string, file: AssignmentFile): Assignment {
  const at = (text: string | undefined, edge: 'start' | 'end'): number | null => {
    if (text === undefined) return null;
    const instant = instantOf(text, file.timezone, edge);
    if (!instant.ok) throw new Error(`${text} was taken for a time: ${instant.problem}`);
    return instant.at;
  };
  return {
    name,
    title: file.title === '' ? name : file.title,
    timezone: file.timezone,
    graceMs: file.graceMinutes * 60_000,
    late: file.late,
    lateDays: file.lateDays,
    attempts: file.attempts,
    show: file.show,
    exercises: file.exercises.map(({ id, weight, asks, opens, due }) => ({
      id,
      weight,
      asks,
      opens: at(opens ?? file.opens, 'start'),
      due: at(due ?? file.due, 'end'),
    })),
    extensions: file.extensions.map(({ student, exercise, due, why }) => ({
      student,
      exercise: exercise ?? null,
      due: at(due, 'end') ?? 0,
      why,
    })),
  };
}

function problemsText(
  file: string,
  problems: readonly FileProblem[],
  document: Document.Parsed,
  lines: LineCounter,
): string {
  const rows = problems
    .map(({ at, message }) => ({ number: lineOf(at, document, lines), at, message }))
    .toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0))
    .map(({ number, at, message }) => {
      const where = [
        ...(number === null ? [] : [`line ${number}`]),
        ...(at.length === 0 ? [] : [keyText(at)]),
      ];
      return `  ${where.length === 0 ? '' : `${where.join(', ')}: `}${line(message)}`;
    });
  const unique = [...new Set(rows)];
  const more = unique.length - MOST_PROBLEMS;
  return [
    `${line(file)} has ${unique.length === 1 ? 'a mistake' : `${unique.length} mistakes`}:`,
    ...unique.slice(0, MOST_PROBLEMS),
    ...(more > 0 ? [`  and ${more} more.`] : []),
  ].join('\n');
}

/** `exercises[0].due` */
function keyText(at: Place): string {
  return line(
    at
      .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
      .join(''),
  );
}

/** The line of the nearest thing that is there: of the key where there is one, else of what should hold it. */
function lineOf(at: Place, document: Document.Parsed, lines: LineCounter): number | null {
  for (let length = at.length; length > 0; length--) {
    const [holder, key] = [document.getIn(at.slice(0, length - 1), true), at[length - 1]];
    const pair = isMap(holder)
      ? holder.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key)
      : undefined;
    const node: unknown = pair?.key ?? document.getIn(at.slice(0, length), true);
    const start = (node as { range?: [number, number, number] | null } | null | undefined)?.range?.[0];
    if (start !== undefined) return lines.linePos(start).line;
  }
  return null;
}

function yamlHelp(code: string): string {
  switch (code) {
    case 'DUPLICATE_KEY':
      return 'Every key may stand once in its place.';
    case 'TAB_AS_INDENT':
      return 'Indent with spaces.';
    case 'MULTIPLE_DOCS':
      return 'One file holds one assignment: take out the line of three dashes.';
    default:
      return 'Look at the spaces in front of this line, at quotes, and at a colon in a text, which needs quotes around the text.';
  }
}

/** A text of the file, harmless and on one line. */
function line(text: string): string {
  return neutralise(text, { maxLines: 1, maxChars: 400 });
}

const NEXT = '`npm run assign -- --help` says how to write one.';
const BAD_NAME =
  'The name of an assignment is the name of its file: letters, digits, ".", "_" and "-", at most 64, and no dot in front. Rename the file.';
