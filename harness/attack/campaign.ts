import { processesBelow } from '../check/corpus/processes.ts';
import { PIPE } from '../check/corpus/lists.ts';
import { oneForEachRow, programAttacks } from './attack.ts';
import type { ProgramAttack } from './attack.ts';
import { throughCheck } from './check-entry.ts';
import type { EntryName, Outcome } from './entry.ts';
import { throughGrade } from './grade-entry.ts';
import { Ground } from './ground.ts';
import { LANES, throughPlainVitest } from './plain-entry.ts';
import type { Plain } from './plain-entry.ts';
import { submissionsThroughPlainVitest } from './plain-repository.ts';
import { SUBMISSIONS } from './submissions.ts';
import type { Column, Tried } from './table.ts';
import { throughVerify } from './verify-entry.ts';
import { throughWatch } from './watch-entry.ts';

export type CampaignOptions = {
  entries: readonly EntryName[];
  /** One attack for each row. */
  fast: boolean;
  /** Told as each attack ends. */
  onProgress: (done: number, all: number, label: string) => void;
};

/** All that was tried, and what came of it. */
export type Campaign = {
  attacks: readonly Tried[];
  columns: readonly Column[];
  plain: ReadonlyMap<string, Plain>;
  /** What is left when all is over: processes, files, changed files of the workbook. Empty: nothing. */
  left: readonly string[];
};

/** Ways in that are tried at the same time. */
const SIDE_BY_SIDE = 3;

type Leg = {
  title: string;
  attacks: readonly Tried[];
  /** What it returns is wrong when all are over. */
  run: (onOutcome: (outcome: Outcome) => void) => Promise<string[] | void>;
};

/** Runs the attacks through each way in, at the levels that it has, and through Vitest alone. */
export async function campaign(options: CampaignOptions): Promise<Campaign> {
  const all = programAttacks();
  const attacks = options.fast ? oneForEachRow(all) : all;
  const submissions = options.entries.includes('grade') ? SUBMISSIONS : [];
  const ground = await Ground.open();
  try {
    const legs = legsOf(options.entries, attacks, ground);
    const planned = legs.reduce((sum, leg) => sum + leg.attacks.length, 0);
    const columns: Column[] = [];
    let done = 0;
    options.onProgress(0, planned, 'plain Vitest');
    const pipe = new Set(PIPE.map(({ name }) => name));
    const plain = new Map([
      ...(await throughPlainVitest(attacks, pipe, ground)),
      ...(await submissionsThroughPlainVitest(submissions, ground, LANES)),
    ]);
    ground.noteBook();
    const left: string[] = [];
    const outcomesOf = new Map<Leg, Map<string, Outcome>>();
    const runLeg = async (leg: Leg): Promise<void> => {
      const { title, run } = leg;
      const outcomes = new Map<string, Outcome>();
      outcomesOf.set(leg, outcomes);
      // A way in that breaks off must not hide what became of the others.
      const brokenOff = (error: unknown): string[] => [`${title} broke off: ${String(error)}`];
      const wrong = await run((outcome) => {
        outcomes.set(outcome.attack, outcome);
        options.onProgress(++done, planned, `${title}: ${outcome.attack}`);
      }).catch(brokenOff);
      left.push(...(wrong ?? []));
    };
    // Programs that hang are most of the time: other ways in have the processor meanwhile.
    const waiting = legs.values();
    const track = async (): Promise<void> => {
      for (const leg of waiting) await runLeg(leg);
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, track));
    for (const leg of legs) columns.push({ title: leg.title, outcomes: outcomesOf.get(leg) ?? new Map() });
    return { attacks: [...attacks, ...submissions], columns, plain, left: [...left, ...leftBy(ground)] };
  } finally {
    ground.close();
  }
}

function legsOf(entries: readonly EntryName[], attacks: readonly ProgramAttack[], ground: Ground): Leg[] {
  const legs: Leg[] = [];
  if (entries.includes('check')) {
    for (const isolation of ['namespace', 'permission'] as const) {
      legs.push({
        title: `check, ${isolation}`,
        attacks,
        run: (onOutcome) => throughCheck(attacks, ground, isolation, onOutcome),
      });
    }
  }
  if (entries.includes('watch')) {
    legs.push({
      title: 'watch, permission',
      attacks,
      run: (onOutcome) => throughWatch(attacks, ground, onOutcome),
    });
  }
  if (entries.includes('verify')) {
    legs.push({
      title: 'verify, permission',
      attacks,
      run: (onOutcome) => throughVerify(attacks, ground, onOutcome),
    });
  }
  if (entries.includes('grade')) {
    legs.push({
      title: 'grade, namespace',
      attacks: [...attacks, ...SUBMISSIONS],
      run: (onOutcome) => throughGrade(attacks, SUBMISSIONS, ground, onOutcome),
    });
  }
  return legs;
}

function leftBy(ground: Ground): string[] {
  return [
    ...processesBelow(ground.book.temp).map((process) => `a process: ${process}`),
    ...ground.book.leftovers().map((name) => `a file: ${name}`),
    ...ground.changedFiles().map((path) => `a changed file of the workbook: ${path}`),
  ];
}
