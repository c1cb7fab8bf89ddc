import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { summary } from '../bench/statistics.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { buildNative, copyWorkbook, withoutNative } from './copy.ts';
import type { WorkbookCopy } from './copy.ts';
import { install } from './install.ts';
import { checkedAndRecorded, checkedWithoutNative, command, FIRST, verdictOf } from './journey.ts';
import { writePrograms } from './programs.ts';
import type { Program } from './programs.ts';
import { comparable, differences } from './verdicts.ts';
import { sourceOf } from './versions.ts';

/** Mistakes of the catalogue that are judged: of 01, and of each other exercise. */
const MISTAKES = { first: 12, other: 3 };

export type MatrixOptions = {
  root: string;
  exercises: readonly Exercise[];
  /** Lines of Node.js, such as 22; the first that can be had is what the others are compared with. */
  lines: readonly number[];
  seed: number;
  onProgress: (label: string) => void;
};

/** A program whose verdict differs from the first version's, twice. `where`: rules, and members of the verdict. */
export type Difference = { exercise: string; program: string; where: string[] };

export type JudgedRow = {
  kind: 'judged';
  version: string;
  /** Null: better-sqlite3 is built. Else why not; programs that need it are not judged. */
  nativeMissing: string | null;
  /** What is wrong with a check of 01 without better-sqlite3, and with one that is recorded; null: nothing. */
  withoutNative: string | null;
  recorded: string | null;
  programs: number;
  unjudged: number;
  differing: Difference[];
  medianMs: number;
};

export type MatrixRow = JudgedRow | { kind: 'skipped'; version: string; why: string };

/** Whether a row is as promised. A line that npm does not have for this system is not held against it. */
export function asPromised(row: MatrixRow): boolean {
  if (row.kind === 'skipped') return true;
  return row.differing.length === 0 && row.withoutNative === null && row.recorded === null;
}

/** Judges the same programs on every line of Node.js and compares whole verdicts. */
export async function matrix(options: MatrixOptions): Promise<MatrixRow[]> {
  const folder = join(options.root, '.workbook', 'matrix');
  const places = await preparedPlaces(options, folder);
  const programs = await chosenPrograms(options, join(folder, 'subjects'));
  const rows: MatrixRow[] = [];
  let first: Bench | null = null;
  for (const place of places) {
    if (place.kind === 'none') {
      rows.push({ kind: 'skipped', version: String(place.line), why: place.why });
      continue;
    }
    const bench = new Bench(place.copy, options.seed);
    const { version } = place.copy.node;
    rows.push(
      await rowOf(bench, first, programs, (label) => options.onProgress(`Node ${version} · ${label}`)),
    );
    first ??= bench;
  }
  return rows;
}

type Place = { kind: 'copy'; copy: WorkbookCopy } | { kind: 'none'; line: number; why: string };

/** All copies are made before anything is judged, so that all are copies of the same. */
async function preparedPlaces({ root, lines, onProgress }: MatrixOptions, folder: string): Promise<Place[]> {
  const places: (() => Place)[] = [];
  for (const line of lines) {
    const source = sourceOf(line, process.platform, process.arch, process.version);
    if (source.kind === 'none') {
      places.push(() => source);
      continue;
    }
    onProgress(`Node ${source.version} · installing`);
    const node = await install(folder, source);
    const to = join(folder, source.version, 'workbook');
    places.push(() => ({ kind: 'copy', copy: copyWorkbook(root, to, node) }));
  }
  return places.map((prepare) => prepare());
}

async function chosenPrograms({ root, exercises }: MatrixOptions, folder: string): Promise<Program[]> {
  rmSync(folder, { recursive: true, force: true });
  const chosen = exercises.map((exercise) =>
    writePrograms(root, exercise, exercise.id === FIRST ? MISTAKES.first : MISTAKES.other, folder),
  );
  return (await Promise.all(chosen)).flat();
}

/** One version with its copy: judges programs, and keeps what it said of each. */
class Bench {
  readonly copy: WorkbookCopy;
  readonly times: number[] = [];
  private readonly seed: number;
  private readonly known = new Map<string, unknown>();

  constructor(copy: WorkbookCopy, seed: number) {
    this.copy = copy;
    this.seed = seed;
  }

  /** The verdict in the form in which verdicts are compared; undefined where this program was never judged. */
  said(program: Program): unknown {
    return this.known.get(program.folder);
  }

  async judge({ exercise, folder }: Program): Promise<unknown> {
    const words = ['check', exercise, '--from', folder, '--json', '--seed', String(this.seed)];
    const verdict = verdictOf(await command(this.copy, ...words));
    this.times.push(verdict.durationMs);
    const said = comparable(verdict, this.copy.folder);
    this.known.set(folder, said);
    return said;
  }
}

async function rowOf(
  bench: Bench,
  first: Bench | null,
  programs: readonly Program[],
  say: (label: string) => void,
): Promise<JudgedRow> {
  const { copy } = bench;
  say('01 without better-sqlite3');
  const without = await withoutNative(copy, () => checkedWithoutNative(copy));
  say('better-sqlite3 (a minute when it has to be compiled)');
  const native = await buildNative(copy);
  const nativeMissing = native.kind === 'missing' ? native.why : null;
  say('01 with progress');
  const recorded = nativeMissing === null ? await checkedAndRecorded(copy) : null;
  const judged = programs.filter((program) => nativeMissing === null || !program.needsNative);
  const differing: Difference[] = [];
  for (const program of judged) {
    say(`${program.exercise} ${program.name}`);
    const where = await compared(bench, first, program);
    if (where.length > 0) differing.push({ exercise: program.exercise, program: program.name, where });
  }
  return {
    kind: 'judged',
    version: copy.node.version,
    nativeMissing,
    withoutNative: without,
    recorded,
    programs: judged.length,
    unjudged: programs.length - judged.length,
    differing,
    medianMs: bench.times.length === 0 ? 0 : summary(bench.times).median,
  };
}

/** Where the two versions differ about a program. A busy machine may be late once: what differs is judged again by both. */
async function compared(bench: Bench, first: Bench | null, program: Program): Promise<string[]> {
  const said = await bench.judge(program);
  const before = first?.said(program);
  if (first === null || before === undefined || differences(before, said).length === 0) return [];
  return differences(await first.judge(program), await bench.judge(program));
}
