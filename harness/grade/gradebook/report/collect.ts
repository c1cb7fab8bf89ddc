import type { Exercise } from '../../../catalog/exercise.ts';
import { readDiagnosis } from '../../../check/diagnosis.ts';
import { linesOf, similarPairs } from '../../similar/similar.ts';
import type { Files, Similarities, Submissions } from '../../similar/similar.ts';
import { turns } from '../../similar/turns.ts';
import type { Verdict } from '../../../verdict/verdict.ts';
import type { ClassFolder } from '../class-folder.ts';
import type { Gradebook, StudentGrade } from '../gradebook.ts';
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
  /** Told of each student with the verdicts that there are, so that each of them is read once. */
  onStudent?: (student: StudentGrade, verdicts: readonly Verdict[]) => void;
};

/**
 * Goes through the folder of a class, one student after the other and then one exercise after the other, and keeps what the
 * report shows. It lets the event loop turn.
 */
export async function collectReport(folder: ClassFolder, collecting: Collecting): Promise<ReportData> {
  const { gradebook } = folder;
  const known = new Map(collecting.exercises.map((exercise) => [exercise.id, exercise]));
  const endings = await endingsOf(folder, collecting);
  const exercises: ExerciseReport[] = [];
  let room = ALL_TEXT;
  for (const exercise of gradebook.assignment.exercises) {
    const here = known.get(exercise.id);
    const diagnosis = here === undefined ? new Map() : readDiagnosis(here.folder);
    collecting.onStep?.(`${exercise.id}: similar programs`);
    const stub = here === undefined ? null : await collecting.stubOf(here);
    const submissions = submissionsOf(folder, exercise.id);
    const compared = await similarPairs(submissions, stub, MOST_PAIRS);
    const similar = compared.compared < 2 ? null : compared;
    const pairs = shownPairs(gradebook, similar, submissions, room);
    room -= pairs.reduce((sum, { text }) => sum + (text === null ? 0 : sizeOf(text)), 0);
    const ofThis = gradebook.students.flatMap(
      ({ student }) => endings.get(`${student}/${exercise.id}`) ?? [],
    );
    exercises.push({ exercise, rules: analyse(exercise, ofThis, diagnosis), similar, pairs });
  }
  return { gradebook, exercises, endings, problems: folder.problems };
}

async function endingsOf(
  folder: ClassFolder,
  { onStep, onStudent }: Collecting,
): Promise<Map<string, Ending>> {
  const { students } = folder.gradebook;
  const turn = turns();
  const endings = new Map<string, Ending>();
  for (const [index, student] of students.entries()) {
    if (index % 50 === 0) onStep?.(`students ${index} of ${students.length}`);
    const verdicts: Verdict[] = [];
    for (const exercise of student.exercises) {
      await turn();
      const verdict = folder.verdict(exercise);
      if (verdict === null) continue;
      endings.set(`${student.student}/${exercise.id}`, endingOf(verdict));
      verdicts.push(verdict);
    }
    onStudent?.(student, verdicts);
  }
  return endings;
}

function submissionsOf(folder: ClassFolder, id: string): Submissions {
  return {
    names: folder.gradebook.students.map(({ student }) => student),
    read: (student) => folder.submission(student, id),
  };
}

function shownPairs(
  { students }: Gradebook,
  similar: Similarities | null,
  { read }: Submissions,
  room: number,
): ShownPair[] {
  const teams = new Map(students.map(({ student, team }) => [student, team]));
  let left = room;
  return (similar?.pairs ?? []).map((pair): ShownPair => {
    const team = teams.get(pair.left) ?? null;
    const sameTeam = team !== null && team === teams.get(pair.right);
    const text = { left: cut(read(pair.left)), right: cut(read(pair.right)) };
    const fits = sizeOf(text) <= left;
    if (fits) left -= sizeOf(text);
    return { ...pair, sameTeam, text: fits ? text : null };
  });
}

type Lines = NonNullable<ShownPair['text']>['left'];

function cut(files: Files | null): Lines {
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
