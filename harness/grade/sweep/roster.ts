import { dirname, resolve } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { distance } from 'fastest-levenshtein';
import { collisionKey, nameProblem } from '../../catalog/file-name.ts';
import { quoted } from '../../catalog/printable.ts';
import { failureText, readTextFile } from '../../catalog/regular-file.ts';
import { NAME } from '../assignment/assignment.ts';
import { addressOf } from '../git-address.ts';
import { realPath } from '../intake-folder.ts';
import { receivedAt } from './received.ts';

/** One student of a class. */
export type RosterRow = {
  /** Of the file, counted from 1: where the row begins. */
  line: number;
  /** Fit for a file name, and the only one of this name, whatever the case of its letters. */
  student: string;
  name: string | null;
  email: string | null;
  team: string | null;
  /** As it was written; empty where it holds a secret or nothing. */
  repo: string;
  /** The address, or the absolute path, that the submission is taken from. */
  target: string;
  /** When it was received, in milliseconds since 1970; null: the roster does not say. */
  received: number | null;
  /** Why nothing of this row is judged; null: it is. */
  problem: string | null;
};

/** `column`: null when it is about the row or the file. `message`: what is wrong, and what to do. */
export type RosterProblem = { line: number; column: string | null; message: string };

export type Roster = {
  /** In the order of the file. Rows without a usable name for their student are in `problems` alone. */
  rows: RosterRow[];
  problems: RosterProblem[];
};

export type RosterOptions = {
  /** Times of the column `received` without an offset are of this zone, an IANA name. */
  timezone: string;
  /** Milliseconds since 1970: nothing was received later. */
  now: number;
};

const LARGEST = 32 * 1024 * 1024;
const LONGEST = 300;

const COLUMNS = ['student', 'repo', 'name', 'email', 'team', 'received'] as const;
type Column = (typeof COLUMNS)[number];
const REQUIRED: readonly Column[] = ['student', 'repo'];

/** Reads a class. `message`: why nothing of it can be used; all that is wrong with single rows is in `problems`. */
export function readRoster(
  file: string,
  options: RosterOptions,
): { ok: true; roster: Roster } | { ok: false; message: string } {
  const read = readTextFile(realPath(file) ?? file, LARGEST);
  if (!read.ok) {
    const why = read.why === 'not-utf8' ? NOT_UTF8 : failureText(read, LARGEST);
    return { ok: false, message: `The roster ${quoted(file)} cannot be read. ${why}` };
  }
  return parseRoster(read.text, { ...options, folder: dirname(file) });
}

/** The same for its text. `folder`: absolute; relative paths of the column `repo` begin there. */
export function parseRoster(
  text: string,
  options: RosterOptions & { folder: string },
): { ok: true; roster: Roster } | { ok: false; message: string } {
  const records = recordsOf(text);
  if (!records.ok) return records;
  const [header, ...rest] = records.records;
  if (header === undefined) return { ok: false, message: `The roster is empty. ${WANTED}` };
  const columns = columnsOf(header);
  if (!columns.ok) return columns;
  const problems: RosterProblem[] = [...columns.problems];
  const rows = rest.flatMap((record) => rowOf(record, columns.places, options, problems) ?? []);
  if (rest.length === 0)
    problems.push({ line: header.line, column: null, message: 'There is no row below the header.' });
  return { ok: true, roster: { rows: withoutDoubles(rows, problems), problems: byLine(problems) } };
}

type CsvRecord = { line: number; cells: string[] };

function recordsOf(text: string): { ok: true; records: CsvRecord[] } | { ok: false; message: string } {
  try {
    const parsed = parse(text, {
      bom: true,
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    const records = parsed
      // `lines` is where a record ends, and a cell in quotes may hold line feeds.
      .map(({ record, info }) => ({
        line: info.lines - record.join('').split('\n').length + 1,
        cells: record.map((cell) => cell.trim()),
      }))
      .filter(({ cells }) => cells.some((cell) => cell !== ''));
    return { ok: true, records };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? ` near line ${error['lines']}` : '';
    return {
      ok: false,
      message: `The roster is no table that can be read: a quote is not closed, or stands inside a cell${line}. Write "" for a quote in a cell, or save the table as CSV anew.`,
    };
  }
}

/** Where a comma separates decimals, as in Germany, spreadsheets write `;`. The header tells: no column's name has one in it. */
function delimiterOf(text: string): string {
  const [header = ''] = text.replace(/^\ufeff?\s*/, '').split(/\r?\n/, 1);
  const counted = [',', ';', '\t'].map((sign) => ({ sign, count: header.split(sign).length }));
  return counted.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ',';
}

type Places = ReadonlyMap<Column, number>;

function columnsOf({
  line,
  cells,
}: CsvRecord): { ok: true; places: Places; problems: RosterProblem[] } | { ok: false; message: string } {
  const places = new Map<Column, number>();
  const problems: RosterProblem[] = [];
  const wrong: string[] = [];
  for (const [place, cell] of cells.entries()) {
    const key = cell.toLowerCase();
    const column = COLUMNS.find((each) => each === key);
    if (column !== undefined && places.has(column)) wrong.push(`The column ${column} is there twice.`);
    else if (column !== undefined) places.set(column, place);
    else if (key !== '') {
      const near = COLUMNS.find((each) => distance(each, key) <= 2);
      if (near !== undefined) {
        const message = `${quoted(cell)} is not read. Was ${quoted(near)} meant?`;
        problems.push({ line, column: null, message });
      }
    }
  }
  const missing = REQUIRED.filter((column) => !places.has(column));
  for (const column of missing) wrong.push(`The column ${column} is missing.`);
  if (wrong.length === 0) return { ok: true, places, problems };
  const there = cells.map((cell) => quoted(cell)).join(', ');
  return { ok: false, message: `Line ${line} of the roster: ${wrong.join(' ')} ${WANTED} There: ${there}.` };
}

/** Null: nobody can be told whose row it is. */
function rowOf(
  { line, cells }: CsvRecord,
  places: Places,
  { timezone, now, folder }: RosterOptions & { folder: string },
  problems: RosterProblem[],
): RosterRow | null {
  const found: RosterProblem[] = [];
  const say = (column: Column, message: string): void => void found.push({ line, column, message });
  const cell = (column: Column): string => cells[places.get(column) ?? -1] ?? '';
  const text = (column: Column): string | null => {
    const value = cell(column);
    if (value.length > LONGEST) say(column, `It is longer than ${LONGEST} characters. Shorten it.`);
    return value === '' ? null : value.slice(0, LONGEST);
  };
  const student = cell('student');
  const why = studentProblem(student);
  if (why !== null) say('student', why);
  const repo = cell('repo');
  const address = addressOf(repo);
  if (repo === '') say('repo', 'It is empty. Name a folder, an archive, a repository or its address.');
  else if (repo.length > 2_000) say('repo', 'It is longer than an address or a path can be.');
  else if (address.kind === 'wrong') say('repo', address.message);
  const row = { name: text('name'), email: text('email'), team: text('team') };
  const typed = cell('received');
  const received = typed === '' ? null : receivedAt(typed, timezone, now);
  if (received !== null && !received.ok) say('received', received.message);
  problems.push(...found);
  if (why !== null) return null;
  const [first] = found;
  return {
    line,
    student,
    ...row,
    repo: address.kind === 'wrong' ? '' : repo,
    target: address.kind === 'path' ? resolve(folder, repo) : address.kind === 'remote' ? repo : '',
    received: received?.ok === true ? received.at : null,
    problem: first === undefined ? null : `Line ${line} of the roster, ${first.column}: ${first.message}`,
  };
}

function studentProblem(student: string): string | null {
  if (student === '') return 'It is empty. Give each student a name or a number of their own.';
  if (!NAME.test(student))
    return `${quoted(student)} is not fit for a file name: take letters, digits, ".", "_" and "-", at most 64, without a dot in front.`;
  const why = nameProblem(student);
  return why === null ? null : `${quoted(student)} is not fit for a file name. ${why}`;
}

/** Which of two rows counts nobody can tell: of a student who is there twice, nothing is judged. */
function withoutDoubles(rows: readonly RosterRow[], problems: RosterProblem[]): RosterRow[] {
  const groups = new Map<string, RosterRow[]>();
  for (const row of rows) {
    const key = collisionKey(row.student);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => {
    const [first, ...others] = group as [RosterRow, ...RosterRow[]];
    if (others.length === 0) return first;
    const lines = group.map(({ line }) => line).join(' and ');
    const message = `${quoted(first.student)} is there more than once, on the lines ${lines}. Leave one row for each student.`;
    for (const { line } of others) problems.push({ line, column: 'student', message });
    return { ...first, problem: `The roster, student: ${message}` };
  });
}

function byLine(problems: readonly RosterProblem[]): RosterProblem[] {
  return problems.toSorted((a, b) => a.line - b.line);
}

const WANTED =
  'It is a table (CSV) whose first line names its columns: student and repo; name, email, team and received if you like.';
const NOT_UTF8 = 'It is not UTF-8. Save it as "CSV UTF-8".';
