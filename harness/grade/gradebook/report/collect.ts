import { setImmediate } from 'node:timers/promises';
import type { Exercise } from '../../../catalog/exercise.ts';
import { readDiagnosis } from '../../../check/diagnosis.ts';
import { linesOf, similarPairs } from '../../similar/similar.ts';
import type { Files, Similarities } from '../../similar/similar.ts';
import type { ClassFolder } from '../class-folder.ts';
import type { Gradebook } from '../gradebook.ts';
import { analyse } from './analysis.ts';
import type { ExerciseReport, ReportData, ShownPair } from './data.ts';
import { endingOf } from './endings.ts';
import type { Ending } from './endings.ts';

/** No more pairs of one exercise are listed. */
const MOST_PAIRS = 60;

/** Room for the texts of pairs, in UTF-16 units: of one side, and of all of them together. */
const SIDE = 30_000;
const ALL_TEXT = 600_000;

export type Collecting = {
  exercises: readonly Exercise[];
  /** The files that were given to all; null: they are not known. */
  stubOf: (exercise: Exercise) => Promise<Files | null>;
  onStep?: (what: string) => void;
};

/** Goes through the folder of a class once for each exercise, and keeps what the report shows. */
export async function collectReport(folder: ClassFolder, collecting: Collecting): Promise<ReportData> {
  const { gradebook } = folder;
  const known = new Map(collecting.exercises.map((exercise) => [exercise.id, exercise]));
  const endings = new Map<string, Ending>();
  const exercises: ExerciseReport[] = [];
  let room = ALL_TEXT;
  for (const exercise of gradebook.assignment.exercises) {
    collecting.onStep?.(`${exercise.id}: results`);
    const ofThis = await endingsOf(folder, exercise.id);
    for (const [student, ending] of ofThis) endings.set(`${student}/${exercise.id}`, ending);
    const here = known.get(exercise.id);
    const diagnosis = here === undefined ? new Map() : readDiagnosis(here.folder);
    collecting.onStep?.(`${exercise.id}: similar pairs`);
    const submissions = await submissionsOf(folder, exercise.id);
    const stub = here === undefined ? null : await collecting.stubOf(here);
    const similar = submissions.size < 2 ? null : similarPairs(submissions, stub, MOST_PAIRS);
    const pairs = shownPairs(gradebook, similar, submissions, room);
    room -= pairs.reduce((sum, { text }) => sum + (text === null ? 0 : sizeOf(text)), 0);
    exercises.push({ exercise, rules: analyse(exercise, [...ofThis.values()], diagnosis), similar, pairs });
  }
  return { gradebook, exercises, endings, problems: folder.problems };
}

async function endingsOf(folder: ClassFolder, id: string): Promise<Map<string, Ending>> {
  const endings = new Map<string, Ending>();
  for (const [index, student] of folder.gradebook.students.entries()) {
    if (index % 32 === 31) await setImmediate();
    const exercise = student.exercises.find((each) => each.id === id);
    const verdict = exercise === undefined ? null : folder.verdict(exercise);
    if (verdict !== null) endings.set(student.student, endingOf(verdict));
  }
  return endings;
}

async function submissionsOf(folder: ClassFolder, id: string): Promise<Map<string, Files>> {
  const submissions = new Map<string, Files>();
  for (const [index, { student }] of folder.gradebook.students.entries()) {
    if (index % 32 === 31) await setImmediate();
    const files = folder.submission(student, id);
    if (files !== null) submissions.set(student, files);
  }
  return submissions;
}

function shownPairs(
  { students }: Gradebook,
  similar: Similarities | null,
  submissions: ReadonlyMap<string, Files>,
  room: number,
): ShownPair[] {
  const teams = new Map(students.map(({ student, team }) => [student, team]));
  let left = room;
  return (similar?.pairs ?? []).map((pair): ShownPair => {
    const team = teams.get(pair.left) ?? null;
    const sameTeam = team !== null && team === teams.get(pair.right);
    const text = { left: cut(submissions.get(pair.left)), right: cut(submissions.get(pair.right)) };
    const fits = sizeOf(text) <= left;
    if (fits) left -= sizeOf(text);
    return { ...pair, sameTeam, text: fits ? text : null };
  });
}

type Lines = NonNullable<ShownPair['text']>['left'];

function cut(files: Files | undefined): Lines {
  const lines: Lines = [];
  let size = 0;
  for (const line of linesOf(files ?? new Map())) {
    size += Math.min(line.text.length, 300) + 1;
    if (size > SIDE) return [...lines, { heading: true, text: '[the rest is not shown]' }];
    lines.push(line);
  }
  return lines;
}

function sizeOf({ left, right }: NonNullable<ShownPair['text']>): number {
  return [...left, ...right].reduce((sum, { text }) => sum + Math.min(text.length, 300) + 1, 0);
}
