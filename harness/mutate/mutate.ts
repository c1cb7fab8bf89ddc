import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEditable } from '../catalog/editable.ts';
import type { Exercise, Rule } from '../catalog/exercise.ts';
import type { SourceFiles } from '../compile/compile.ts';
import { atExit } from '../subject/exit.ts';
import type { Crew, Task, TaskDone } from './crew.ts';
import { matchEquivalents, readEquivalents } from './equivalents.ts';
import { entryText } from './equivalents.ts';
import type { Mutant } from './mutant.ts';
import { mutantsOf, unknownPart } from './mutants.ts';
import { inOrder } from './order.ts';
import type { Kill, RuleFacts } from './order.ts';

/** How a mutant ended. `reached`: the rules that come by it. */
export type Fate = { mutant: Mutant; reached: readonly string[]; ms: number } & (
  | { kind: 'killed'; rule: string; cause: string }
  /** It could not be loaded. */
  | { kind: 'unloadable'; why: string }
  | { kind: 'survived' }
  /** No rule comes by it. */
  | { kind: 'unreached' }
);

export type Mutated = {
  exercise: string;
  fates: Fate[];
  /** Why a mutant keeps the contract, by its number. */
  equivalent: ReadonlyMap<number, string>;
  /** What is wrong with our own files: nothing can be said until it is repaired. */
  problems: string[];
  ms: number;
};

export type MutateOptions = {
  root: string;
  crew: Crew;
  /** Only mutants of which this is true. */
  only?: (mutant: Mutant) => boolean;
  onProgress: (done: number, all: number) => void;
};

const SEED = 1;

/**
 * All time limits of a mutant are half of the usual ones, unless the machine is so busy that a rule takes longer than so many
 * milliseconds to begin. A loop without an end is known by the time that it computes.
 */
const PACE = { usual: 1, quick: 0.5, quickBelowMs: 1_500 };

/**
 * A mutant that answers and answers without an end is given up after so many times what its rules take on the solution, with all
 * that has to be started for them, and no sooner than after so many milliseconds.
 */
const ENDLESS = { times: 10, leastMs: 15_000 };

/** Tries the suite of an exercise on every small change to its solution. */
export async function mutate(exercise: Exercise, options: MutateOptions): Promise<Mutated> {
  const begun = performance.now();
  const { root, crew, only = () => true, onProgress } = options;
  const folder = join(root, 'solutions', exercise.id);
  const ended = (fates: Fate[], problems: string[], equivalent = new Map<number, string>()): Mutated => ({
    exercise: exercise.id,
    fates,
    equivalent,
    problems,
    ms: performance.now() - begun,
  });
  const unknown = unknownPart(exercise.parts);
  if (unknown !== null)
    return ended([], [`${exercise.id} has a part of kind ${unknown.kind}, and no mutants are made of it`]);
  const read = await readEditable(folder, exercise.editable);
  if (!read.ok) return ended([], [read.problem.message]);
  const listed = readEquivalents(join(folder, 'mutants.yaml'));
  if (!listed.ok) return ended([], [`solutions/${exercise.id}/mutants.yaml: ${listed.problem}`]);

  const { mutants, texts } = await mutantsOf(read.files, exercise.parts);
  const { whys, problems, matches } = matchEquivalents(listed.equivalents, mutants);
  crew.plan({ exercise: exercise.id, folder, files: [...read.files], texts: [...texts] });
  const known = await reach(exercise, mutants, crew, { files: read.files, folder });
  problems.push(...known.problems);
  if (known.problems.length > 0) return ended([], problems);

  const kills: Kill[] = [];
  const fates: Fate[] = [];
  const chosen = mutants.filter(only);
  const isReached = ({ id }: Mutant): boolean => (known.reached.get(id) ?? []).length > 0;
  for (const mutant of chosen.filter((each) => !isReached(each)))
    fates.push({ mutant, reached: [], ms: 0, kind: 'unreached' });
  let done = fates.length;
  await crew.each(
    chosen.filter(isReached),
    (mutant) => taskFor(mutant, known, kills),
    (mutant, tried) => {
      const fate = fateOf(mutant, known.reached.get(mutant.id) ?? [], tried);
      if ('problem' in fate) problems.push(fate.problem);
      else fates.push(fate);
      if ('kind' in fate && fate.kind === 'killed')
        kills.push({ rule: fate.rule, file: mutant.file, line: mutant.line });
      onProgress(++done, chosen.length);
    },
  );
  fates.sort((a, b) => a.mutant.id - b.mutant.id);
  // An entry whose mutants are all killed says what is not true.
  for (const [entry, matched] of matches) {
    const ends = fates.filter(({ mutant }) => matched.includes(mutant));
    if (ends.length > 0 && ends.every(({ kind }) => kind === 'killed' || kind === 'unloadable'))
      problems.push(`mutants.yaml says that this keeps the contract, and it is killed: ${entryText(entry)}`);
  }
  return ended(fates, problems, whys);
}

function taskFor(mutant: Mutant, { reached, facts, startMs }: Reach, kills: readonly Kill[]): Task {
  const { id, file, how } = mutant;
  const rules = inOrder(mutant, reached.get(id) ?? [], facts, kills);
  const usual = rules.reduce((sum, rule) => sum + (facts.cost.get(rule) ?? 0), startMs);
  const subject: Task['subject'] =
    how.kind === 'active' ? { kind: 'active', number: how.number } : { kind: 'file', file, text: how.text };
  const withinMs = Math.max(ENDLESS.leastMs, ENDLESS.times * usual);
  const pace = startMs < PACE.quickBelowMs ? PACE.quick : PACE.usual;
  return { rules, subject, seed: SEED, pace, withinMs };
}

function fateOf(mutant: Mutant, reached: readonly string[], done: TaskDone): Fate | { problem: string } {
  const { results, error, isOurs, endless, ms } = done;
  const base = { mutant, reached, ms };
  const failed = results.find(({ status }) => status === 'failed');
  if (failed !== undefined)
    return {
      ...base,
      kind: 'killed',
      rule: failed.rule,
      cause: endless ? 'endless' : (failed.cause ?? 'wrong'),
    };
  const open = results.find(({ status }) => status !== 'passed');
  if (endless) return { ...base, kind: 'killed', rule: open?.rule ?? '', cause: 'endless' };
  const place = `${mutant.file}:${mutant.line} ${mutant.mutator}`;
  if (isOurs) return { problem: `the suite itself fails on the mutant ${place}: ${error ?? ''}` };
  if (error !== null) return { ...base, kind: 'unloadable', why: error };
  if (open !== undefined) return { problem: `${open.rule} is ${open.status} on the mutant ${place}` };
  return { ...base, kind: 'survived' };
}

/** One rule of the solution takes no longer than this, in milliseconds. */
const SOLUTION_WITHIN = 60_000;

/** `startMs`: the longest that it took until a rule could begin. */
type Reach = { reached: Map<number, string[]>; facts: RuleFacts; startMs: number; problems: string[] };

/** Tries each rule alone on the solution, and records the mutants that it comes by. */
async function reach(
  { rules, parts }: Exercise,
  mutants: readonly Mutant[],
  crew: Crew,
  { files }: { files: SourceFiles; folder: string },
): Promise<Reach> {
  const scratch = mkdtempSync(join(tmpdir(), 'workbook-mutate-'));
  const remove = (): void => rmSync(scratch, { recursive: true, force: true });
  const forget = atExit(remove);
  const cost = new Map<string, number>();
  const met = new Map<string, { numbers: Set<string>; sources: Set<string> }>();
  const problems: string[] = [];
  let startMs = 0;
  try {
    await crew.each(
      rules,
      ({ id }) => ({
        rules: [id],
        subject: { kind: 'recorded', to: join(scratch, id) },
        seed: SEED,
        pace: PACE.usual,
        withinMs: SOLUTION_WITHIN,
      }),
      ({ id }, { results, error, sources, ms }) => {
        const result = results.find(({ rule }) => rule === id);
        startMs = Math.max(startMs, ms - (result?.ms ?? 0));
        if (result?.status !== 'passed')
          problems.push(
            `the solution itself does not keep ${id} with its mutants in it: ${error ?? result?.why ?? ''}`,
          );
        cost.set(id, result?.ms ?? 0);
        met.set(id, {
          numbers: linesOf(join(scratch, id)),
          sources: new Set(sources.flatMap(([, names]) => names)),
        });
      },
    );
  } finally {
    forget();
    remove();
  }
  const kinds = new Map(parts.map(({ name, kind }) => [name, kind]));
  const comesBy = ({ id, part }: Rule, { how, file }: Mutant): boolean => {
    if (how.kind === 'active') return met.get(id)?.numbers.has(how.number) === true;
    // What runs by name is known by name; what a suite reads as text may be read by any rule.
    return kinds.get(part) !== 'sql' || met.get(id)?.sources.has(file) === true;
  };
  const reached = new Map(
    mutants.map((mutant) => [
      mutant.id,
      rules.filter((rule) => files.has(mutant.file) && comesBy(rule, mutant)).map(({ id }) => id),
    ]),
  );
  const counts = new Map(
    rules.map(({ id }) => [id, [...reached.values()].filter((each) => each.includes(id)).length]),
  );
  return { reached, facts: { cost, reach: counts }, startMs, problems };
}

function linesOf(file: string): Set<string> {
  try {
    return new Set(readFileSync(file, 'utf8').split('\n'));
  } catch {
    // The rule came by nothing.
    return new Set();
  }
}
