import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Exercise } from '../../../catalog/exercise.ts';
import { readDiagnosis } from '../../../check/diagnosis.ts';
import type { RuleResult, Verdict } from '../../../verdict/verdict.ts';
import { VERDICT_SCHEMA } from '../../../verdict/verdict.ts';
import { PROVENANCE, HOSTILE } from '../../testing/graded.ts';
import { GRADEBOOK_SCHEMA } from '../gradebook.ts';
import type { Gradebook, Lateness, StudentExercise } from '../gradebook.ts';
import { chance } from './chance.ts';
import type { Chance } from './chance.ts';
import { disguised, madeProgram } from './made-program.ts';

export type MadeClass = {
  gradebook: Gradebook;
  /** `student/exercise` → verdict. */
  verdicts: Map<string, Verdict>;
  /** `student/exercise` → path → text. */
  submissions: Map<string, Map<string, string>>;
};

export type Making = {
  students: number;
  exercises: readonly Exercise[];
  seed?: number;
  /** Every third student puts signs that mean something to every reader wherever a program or a roster can. */
  hostile?: boolean;
  detail?: Gradebook['detail'];
  /** Every n-th student hands in the program of the one before, disguised. 0: nobody. */
  copies?: number;
};

const DUE = Date.UTC(2031, 11, 4, 22, 59);
const DAY = 86_400_000;

/** For tests: a class with marks of plausible shape. Students are `student-001` and so on; the same seed makes the same class. */
export function madeClass({
  students,
  exercises,
  seed = 1,
  hostile = false,
  detail = 'full',
  copies = 0,
}: Making): MadeClass {
  const luck = chance(seed);
  const made: MadeClass = {
    gradebook: emptyGradebook(exercises, detail),
    verdicts: new Map(),
    submissions: new Map(),
  };
  const often = new Map(exercises.map((exercise) => [exercise.id, oftenByRule(exercise)]));
  const hardness = new Map(
    exercises.flatMap(({ id, rules }) => rules.map((rule) => [`${id} ${rule.id}`, luck.normal() - 1.2])),
  );
  for (let index = 0; index < students; index++) {
    const student = `student-${String(index + 1).padStart(3, '0')}`;
    const isHostile = hostile && index % 3 === 0;
    const talent = luck.normal();
    const received = new Date(DUE + Math.round((luck.normal() - 1.3) * 2 * DAY)).toISOString();
    const lost =
      index % 37 === 36
        ? 'The repository does not exist, or you may not read it. Look at its address in the roster.'
        : null;
    const done = exercises.map((exercise, place): StudentExercise => {
      const at = `${student}/${exercise.id}`;
      const isMissing = lost !== null || luck.next() < 0.02 + place * 0.012;
      if (isMissing) return missing(exercise, lost);
      const broken = luck.next() < 0.02;
      const wanted = (rule: string): boolean =>
        talent + luck.normal() * 0.7 > (hardness.get(`${exercise.id} ${rule}`) ?? 0);
      const verdict = verdictOf(exercise, wanted, {
        luck,
        often: often.get(exercise.id) ?? new Map(),
        broken,
        isHostile,
      });
      made.verdicts.set(at, verdict);
      const before = made.submissions.get(`student-${String(index).padStart(3, '0')}/${exercise.id}`);
      const isCopy = copies > 0 && index % copies === copies - 1 && before !== undefined;
      made.submissions.set(at, isCopy ? copyOf(before, luck) : programOf(luck, isHostile));
      return judged(exercise, verdict, `verdicts/${at}.json`, lateness(received));
    });
    made.gradebook.students.push({
      student,
      name: isHostile ? `Name ${index + 1} ${HOSTILE}` : `Näme ${index + 1}`,
      email: isHostile ? `=cmd|' /C calc'!A0` : `${student}@example.org`,
      team: index % 5 === 0 ? `team-${Math.floor(index / 10) + 1}` : null,
      repo: `https://git.example.org/${student}/workbook.git`,
      commit: lost === null ? 'c'.repeat(37) + String(index).padStart(3, '0') : null,
      received: lost === null ? { at: received, by: index % 2 === 0 ? 'known' : 'self-declared' } : null,
      problem: lost,
      exercises: done,
      score: round(done.reduce((sum, { score }) => sum + score, 0)),
      maxScore: done.reduce((sum, { weight }) => sum + weight, 0),
    });
  }
  return made;
}

/** Writes the class as a sweep leaves it. */
export function writeClass(out: string, { gradebook, verdicts, submissions }: MadeClass): void {
  const write = (path: string, value: object): void => {
    mkdirSync(dirname(join(out, path)), { recursive: true });
    writeFileSync(join(out, path), JSON.stringify(value));
  };
  for (const [at, verdict] of verdicts) write(`verdicts/${at}.json`, verdict);
  for (const [at, files] of submissions)
    write(`submissions/${at}.json`, { files: Object.fromEntries(files) });
  write('grades.json', gradebook);
}

function emptyGradebook(exercises: readonly Exercise[], detail: Gradebook['detail']): Gradebook {
  return {
    schema: GRADEBOOK_SCHEMA,
    assignment: {
      name: 'week-1',
      title: 'The first week',
      timezone: 'Europe/Berlin',
      late: { policy: 'per-day', percent: 10, most: 50 },
      lateDays: 2,
      graceMs: 900_000,
      exercises: exercises.map(({ id, title, rules }) => ({
        id,
        title,
        weight: 10,
        asks: 'all',
        opens: null,
        due: new Date(DUE).toISOString(),
        maxPoints: rules.filter(({ keep }) => !keep).length,
        rules: rules
          .filter(({ keep }) => !keep)
          .map((rule) => ({ id: rule.id, tier: rule.tier, title: rule.title })),
      })),
    },
    at: '2031-12-08T10:00:00.000Z',
    harness: '0.1.0',
    node: 'v24.4.1',
    isolation: 'namespace',
    detail,
    students: [],
  };
}

function lateness(received: string): Lateness {
  const lateMs = Math.max(0, Date.parse(received) - DUE - 900_000);
  const days = Math.ceil(lateMs / DAY);
  const lateDaysUsed = Math.min(2, days);
  return {
    due: new Date(DUE).toISOString(),
    extended: false,
    lateMs,
    lateDaysUsed,
    factor: 1 - Math.min(0.5, (days - lateDaysUsed) * 0.1),
  };
}

function missing(exercise: Exercise, problem: string | null): StudentExercise {
  return {
    id: exercise.id,
    status: problem === null ? 'missing' : 'error',
    mastered: false,
    points: 0,
    maxPoints: exercise.rules.filter(({ keep }) => !keep).length,
    lateness: { due: new Date(DUE).toISOString(), extended: false, lateMs: 0, lateDaysUsed: 0, factor: 1 },
    score: 0,
    weight: 10,
    isolation: 'namespace',
    provenance: null,
    problem,
    verdict: null,
  };
}

function judged(exercise: Exercise, verdict: Verdict, file: string, late: Lateness): StudentExercise {
  const maxPoints = exercise.rules.filter(({ keep }) => !keep).length;
  const points = verdict.status === 'error' ? 0 : verdict.points;
  return {
    id: exercise.id,
    status: verdict.status,
    mastered: verdict.mastered,
    points,
    maxPoints,
    lateness: late,
    score: round(maxPoints === 0 ? 0 : (10 * points * late.factor) / maxPoints),
    weight: 10,
    isolation: 'namespace',
    provenance: { ...PROVENANCE, commit: 'c'.repeat(40) },
    problem: verdict.error?.message ?? null,
    verdict: file,
  };
}

type Fate = {
  luck: Chance;
  often: ReadonlyMap<string, readonly string[]>;
  broken: boolean;
  isHostile: boolean;
};

function verdictOf(exercise: Exercise, wanted: (rule: string) => boolean, fate: Fate): Verdict {
  const passed = new Set<string>();
  const rules = exercise.rules.map((rule): RuleResult => {
    const isOpen = !fate.broken && rule.needs.every((need) => passed.has(need));
    const isPassed = isOpen && wanted(rule.id);
    if (isPassed) passed.add(rule.id);
    const failed = isOpen && !isPassed;
    return {
      id: rule.id,
      tier: rule.tier,
      title: rule.title,
      citation: rule.citation,
      needs: rule.needs,
      status: isPassed ? 'passed' : failed ? 'failed' : 'untried',
      cause: failed
        ? fate.luck.next() < 0.06
          ? fate.luck.pick(['hung', 'crashed'] as const)
          : 'wrong'
        : null,
      points: isPassed && !rule.keep ? 1 : 0,
      message: failed ? messageOf(rule.id, fate) : null,
      exchange: null,
      evidence: rule.evidence,
      durationMs: 5 + fate.luck.below(40),
    };
  });
  const allCore = rules.every(({ tier, status }) => tier === 'extra' || status === 'passed');
  return {
    schema: VERDICT_SCHEMA,
    exercise: exercise.id,
    suite: 'a'.repeat(64),
    files: 'b'.repeat(64),
    status: fate.broken ? 'error' : allCore ? 'passed' : 'failed',
    mastered: allCore && rules.every(({ status }) => status === 'passed'),
    rules,
    points: rules.reduce((sum, { points }) => sum + points, 0),
    maxPoints: rules.length,
    output: {
      text: fate.isHostile
        ? HOSTILE.repeat(3)
        : fate.luck.next() < 0.2
          ? 'listening on 4000\nGET /health\n'
          : '',
      truncated: false,
    },
    error: fate.broken ? { kind: 'compile', message: 'Expected ";" but found "}"', frames: [] } : null,
    notes: [],
    isolation: 'namespace',
    seed: 1834,
    durationMs: 812,
    node: 'v24.4.1',
    harness: '0.1.0',
  };
}

function messageOf(rule: string, { luck, often, isHostile }: Fate): RuleResult['message'] {
  const means = often.get(rule) ?? [];
  const status = luck.pick([200, 400, 404, 500]);
  return {
    step: luck.pick(['the first request', 'a name outside ASCII', 'the same request again']),
    sent: isHostile ? HOSTILE : `GET /books/${luck.below(100)}?page=2   Accept: application/json`,
    expected: `${status} with Content-Type application/json, and a body with id, title and year`,
    got: isHostile
      ? HOSTILE.repeat(2)
      : `${luck.pick([200, 404, 500])} {"error":"not found","id":${luck.below(1000)}}`,
    note: luck.next() < 0.1 ? 'The event loop stood still for 2 seconds.' : null,
    often: means.length > 0 && luck.next() < 0.6 ? luck.pick(means) : null,
  };
}

/** The lines of the catalogue, by the rules that their mistakes break. */
function oftenByRule(exercise: Exercise): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { often, breaks } of readDiagnosis(exercise.folder).values()) {
    for (const rule of breaks) found.set(rule, [...(found.get(rule) ?? []), often]);
  }
  return found;
}

function programOf(luck: Chance, isHostile: boolean): Map<string, string> {
  const files = new Map([['src/server.ts', madeProgram(luck, 10)]]);
  if (isHostile)
    files.set(`src/</pre><script>alert(1)</script>.ts`, `// ${HOSTILE}\n${madeProgram(luck, 2)}`);
  return files;
}

function copyOf(files: ReadonlyMap<string, string>, luck: Chance): Map<string, string> {
  return new Map([...files].map(([path, text]) => [path, disguised(text, luck)]));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
