import type { Fate, Mutated } from './mutate.ts';
import { oneLine } from './mutant.ts';

/** The least part of the mutants that a suite must kill, those that keep the contract left out. */
export const LEAST = 0.9;

/** The figures of one exercise. `timed`: how many of the killed were killed because they took too long. */
export type Figures = {
  exercise: string;
  mutants: number;
  killed: number;
  timed: number;
  equivalent: number;
  survived: number;
  /** Of the mutants that keep not the contract, the part that was killed, from 0 to 1. */
  score: number;
  seconds: number;
};

export function figuresOf({ exercise, fates, equivalent, ms }: Mutated): Figures {
  const killed = fates.filter(isKilled);
  const survived = fates.filter((fate) => !isKilled(fate) && !equivalent.has(fate.mutant.id));
  const mutants = fates.length;
  const judged = killed.length + survived.length;
  return {
    exercise,
    mutants,
    killed: killed.length,
    timed: killed.filter(
      (fate) => fate.kind === 'killed' && (fate.cause === 'hung' || fate.cause === 'endless'),
    ).length,
    equivalent: mutants - judged,
    survived: survived.length,
    score: judged === 0 ? 1 : killed.length / judged,
    seconds: Math.round(ms / 1000),
  };
}

export function isKilled({ kind }: Fate): boolean {
  return kind === 'killed' || kind === 'unloadable';
}

/** Markdown: a line for each exercise, and one for all. */
export function tableOf(rows: readonly Figures[]): string {
  const head = [
    'exercise',
    'mutants',
    'killed',
    'of these by time',
    'equivalent',
    'survived',
    'score',
    'seconds',
  ];
  const all = rows.length > 1 ? [totalOf(rows)] : [];
  const body = [...rows, ...all].map((row) => [
    row.exercise,
    ...[row.mutants, row.killed, row.timed, row.equivalent, row.survived].map(String),
    percent(row.score),
    String(row.seconds),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...body.map(line), ''].join('\n');
}

function totalOf(rows: readonly Figures[]): Figures {
  const sum = (key: Exclude<keyof Figures, 'exercise' | 'score'>): number =>
    rows.reduce((total, row) => total + row[key], 0);
  const [killed, survived] = [sum('killed'), sum('survived')];
  return {
    exercise: 'all',
    mutants: sum('mutants'),
    killed,
    timed: sum('timed'),
    equivalent: sum('equivalent'),
    survived,
    score: killed + survived === 0 ? 1 : killed / (killed + survived),
    seconds: sum('seconds'),
  };
}

/** Rounded down: 100 % means all. */
function percent(score: number): string {
  return `${(Math.floor(score * 1000) / 10).toFixed(1)} %`;
}

/** A survivor in three lines: where, what was changed, and who came by without noticing. */
export function survivorText(exercise: string, { mutant, reached, kind }: Fate): string {
  const rules = kind === 'unreached' ? 'no rule comes by' : `came by: ${reached.join(' ')}`;
  return [
    `${exercise} ${mutant.file}:${mutant.line} ${mutant.mutator} · ${rules}`,
    `  - ${oneLine(mutant.original)}`,
    `  + ${oneLine(mutant.replacement)}`,
    '',
  ].join('\n');
}
