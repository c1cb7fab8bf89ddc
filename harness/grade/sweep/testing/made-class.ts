import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadExercise } from '../../../catalog/load-exercise.ts';
import { assemble } from '../../../check/assemble.ts';
import { FIRST, PROGRAMS, SECOND, writeExercise } from '../../../cli/testing/made-exercises.ts';
import type { RecordedResult } from '../../../suite/link.ts';
import type { Verdict } from '../../../verdict/verdict.ts';
import type { Assignment } from '../../assignment/assignment.ts';
import { parseGradebook } from '../../gradebook/gradebook.ts';
import type { Gradebook } from '../../gradebook/gradebook.ts';
import { requestFor } from '../../judge.ts';
import { Ledger } from '../ledger.ts';
import type { Asked } from '../marks.ts';
import { parseRoster } from '../roster.ts';
import { sweep } from '../sweep.ts';
import type { SweepOptions, SweepResult } from '../sweep.ts';
import type { Answer, Judges, Work } from '../work.ts';

export { FIRST, PROGRAMS, SECOND };

/** For tests: milliseconds since 1970. */
export const NOON = Date.UTC(2031, 0, 1, 12);
export const HOUR = 60 * 60 * 1_000;

/** For tests: a workbook of two exercises, the submissions of a class, and judges that start no process. */
export class MadeClass {
  readonly root: string;
  readonly out: string;
  readonly build: string;
  readonly judges = new MadeJudges(this);
  private readonly base: string;

  constructor() {
    this.base = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-class-'));
    this.root = join(this.base, 'workbook');
    this.out = join(this.base, 'out');
    this.build = join(this.root, '.workbook', 'build');
    for (const id of [FIRST, SECOND]) writeExercise(this.root, id);
    mkdirSync(join(this.build, 'scripts'), { recursive: true });
    this.rebuild('the harness');
    onTestFinished(() => rmSync(this.base, { recursive: true, force: true, maxRetries: 3 }));
  }

  /** Another program that judges, as its digest tells. */
  rebuild(text: string): void {
    writeFileSync(join(this.build, 'harness.js'), text);
  }

  get asked(): Asked[] {
    return [FIRST, SECOND].map((id) => {
      const loaded = loadExercise(this.root, id);
      if (!loaded.ok) throw new Error(id);
      const assigned = { id, weight: 10, asks: 'all' as const, opens: null, due: null };
      return { exercise: loaded.exercise, assigned };
    });
  }

  /** Puts a program into a student's submission. */
  submit(student: string, exercise: string, program: string): void {
    const file = join(this.base, 'subs', student, 'exercises', exercise, 'src', 'double.ts');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, program);
  }

  /** One sweep with a ledger of its own. `rows`: lines of the roster below its header. */
  async sweep(
    rows: readonly string[],
    { due = null, ...changes }: Partial<SweepOptions> & { due?: number | null } = {},
    header = 'student,repo',
  ): Promise<SweepResult> {
    const read = parseRoster([header, ...rows].join('\n'), {
      timezone: 'UTC',
      now: NOON + 999 * HOUR,
      folder: join(this.base, 'subs'),
    });
    if (!read.ok) throw new Error(read.message);
    const opened = Ledger.open(changes.out ?? this.out);
    if (!opened.ok) throw new Error(opened.message);
    const asked = this.asked.map((each) => ({ ...each, assigned: { ...each.assigned, due } }));
    try {
      return await sweep({
        rows: read.roster.rows,
        asked,
        assignment: { ...ASSIGNMENT, exercises: asked.map(({ assigned }) => assigned) },
        ledger: opened.ledger,
        judges: this.judges,
        root: this.root,
        build: this.build,
        out: this.out,
        ref: null,
        env: {},
        now: () => NOON,
        regrade: false,
        isolation: 'permission',
        harness: '1.0.0',
        detail: null,
        ...changes,
      });
    } finally {
      opened.ledger.close();
    }
  }

  gradebook(): Gradebook {
    const parsed = parseGradebook(JSON.parse(readFileSync(join(this.out, 'grades.json'), 'utf8')));
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.gradebook;
  }
}

export const ASSIGNMENT: Assignment = {
  name: 'week-1',
  title: 'The first week',
  timezone: 'UTC',
  graceMs: 0,
  late: { policy: 'per-day', percent: 10, most: 50 },
  lateDays: 0,
  attempts: null,
  show: { before: 'rules', after: 'full' },
  exercises: [],
  extensions: [],
};

/**
 * For tests: judges by the words in a program. `value * 2`: all rules; `Math.abs`: the core alone; `hangs`: passes, but only
 * in a second try; `kills`: takes its lane along; `fails us`: our own side breaks.
 */
export class MadeJudges implements Judges {
  width = 3;
  /** What was judged, in order: the exercise and how. */
  readonly asked: string[] = [];
  /** The largest number of things that were judged at once while something was judged for the second time. */
  besideAlone = 0;
  private busy = 0;
  private readonly made: MadeClass;
  /** Called before each answer; for tests that stop a sweep in its middle. */
  before: (work: Work) => void = () => {};

  constructor(made: MadeClass) {
    this.made = made;
  }

  async judge(_place: number, work: Work): Promise<Answer> {
    this.busy++;
    try {
      this.before(work);
      await new Promise((resolve) => setImmediate(resolve));
      const text = [...work.files.values()].join('');
      this.asked.push(`${work.parts.exercise} ${work.first === null ? 'first' : 'again'}`);
      if (work.first !== null) this.besideAlone = Math.max(this.besideAlone, this.busy);
      if (text.includes('kills')) return { kind: 'lost', why: 'It is gone.' };
      const again = text.includes('hangs') && work.first === null;
      return { kind: 'verdict', verdict: this.verdict(work, text, again), again };
    } finally {
      this.busy--;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private verdict({ parts, files }: Work, text: string, hangs: boolean): Verdict {
    const exercise = this.made.asked.find((each) => each.exercise.id === parts.exercise)?.exercise;
    if (exercise === undefined) throw new Error(parts.exercise);
    const bench = {
      root: this.made.root,
      build: this.made.build,
      harness: '1.0.0',
      isolation: parts.isolation,
    };
    const request = requestFor(bench, { exercise, sources: { ok: true, files }, refused: [] }, () => {});
    const right = !hangs && /value \* 2|Math\.abs|hangs/.test(text);
    const results = [resultOf('R1', right), right ? resultOf('R2', !text.includes('Math.abs')) : UNTRIED];
    const harness = text.includes('fails us') ? 'It broke.' : null;
    const output = { text: '', truncated: false };
    return {
      ...assemble(request, { results, errors: new Map(), harness, output, notes: [] }, 1).verdict,
      seed: 7,
    };
  }
}

const UNTRIED: RecordedResult = { rule: 'R2', durationMs: 0, outcome: { status: 'untried' } };

function resultOf(rule: string, passed: boolean): RecordedResult {
  if (passed) return { rule, durationMs: 1, outcome: { status: 'passed' } };
  const message = { step: 'a step', sent: null, expected: '2', got: '1', note: null };
  return {
    rule,
    durationMs: 1,
    outcome: { status: 'failed', cause: 'wrong', message, exchange: null, fingerprint: '0123456789abcdef' },
  };
}
