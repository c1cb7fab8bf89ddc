import { availableParallelism } from 'node:os';
import type { Exercise } from '../catalog/exercise.ts';
import { Crew } from '../mutate/crew.ts';
import { mutate } from '../mutate/mutate.ts';
import type { Mutated } from '../mutate/mutate.ts';
import type { Mutant } from '../mutate/mutant.ts';
import { unknownPart } from '../mutate/mutants.ts';
import { figuresOf, isKilled, LEAST, survivorText, tableOf } from '../mutate/table.ts';
import { harmlessJson } from '../verdict/json.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, findExercise, loadedExercises } from './exercises.ts';
import type { Found } from './exercises.ts';
import { LiveLine } from './live-line.ts';

export const mutateCommand: Command = {
  name: 'mutate',
  summary:
    'Mutation tests of our own suites: small changes to a solution, each alone. A suite should notice every one that breaks the contract.',
  positionals: [{ name: '[ID]', help: 'One exercise. Or --all.' }],
  options: {
    all: { help: 'Every exercise.' },
    at: {
      value: 'FILE[:LINE]',
      help: 'Only mutants of this file, or of this line of it, for example tokens.ts:92. May be given more than once.',
    },
    json: { help: 'Print every mutant with how it ended, as JSON.' },
  },
  examples: [
    ['npm run mutate 04-jwt', 'the figures, and every change that no rule notices'],
    ['npm run mutate -- 04-jwt --at tokens.ts:92', 'whether a new step notices those of one line'],
    ['npm run mutate -- --all', 'every exercise, and a table'],
  ],
  notes: [
    'Changes that keep the contract are listed in solutions/ID/mutants.yaml, each with its reason, and count neither way.',
    `It ends with 0 when at least ${LEAST * 100} % of all others are killed in each exercise, 1 when not, 2 when a list of mutants names one that is not there.`,
  ],
  run: runMutate,
};

async function runMutate(input: Input, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const chosen = chosenExercises(input, context);
  if (!chosen.ok) {
    terminal.err(`${chosen.message}\n`);
    return 2;
  }
  const exercises = chosen.value.filter(({ parts }) => unknownPart(parts) === null);
  for (const { id, parts } of chosen.value) {
    const unknown = unknownPart(parts);
    if (unknown !== null)
      terminal.err(`${id} is left out: no mutants are made of parts of kind ${unknown.kind}.\n`);
  }
  if (exercises.length === 0) return 0;
  const mutated = await mutateAll(exercises, input, context);
  terminal.out(input.flag('json') ? harmlessJson(dataOf(mutated)) : reportOf(mutated));
  if (mutated.some(({ problems }) => problems.length > 0)) return 2;
  return mutated.every((each) => figuresOf(each).score >= LEAST) ? 0 : 1;
}

async function mutateAll(
  exercises: readonly Exercise[],
  input: Input,
  { root, build, terminal, now }: Context,
): Promise<Mutated[]> {
  const line = new LiveLine(terminal, 'mutate');
  const places = input.values('at').map(placeOf);
  const crew = new Crew(root, build, Math.max(2, availableParallelism()));
  const mutated: Mutated[] = [];
  try {
    for (const exercise of exercises) {
      line.show(`${exercise.id} · the solution, rule by rule`);
      const begun = now();
      const result = await mutate(exercise, {
        root,
        crew,
        ...(places.length === 0 ? {} : { only: (mutant) => places.some((place) => isAt(place, mutant)) }),
        onProgress: (done, all) => line.show(progressText(exercise, done, all, (now() - begun) / 1000)),
      });
      mutated.push(result);
      // Where nobody watches a line being rewritten, a line for each exercise is enough.
      if (!terminal.live && exercises.length > 1) terminal.err(`${summaryOf(result)}\n`);
    }
  } finally {
    crew.end();
    line.clear();
  }
  return mutated;
}

type Place = { file: string; line: number | null };

/** `src/app.ts`, `app.ts` and `app.ts:12` are places. */
function placeOf(typed: string): Place {
  const [, file = typed, line] = /^(.*):(\d+)$/.exec(typed) ?? [];
  return { file, line: line === undefined ? null : Number(line) };
}

function isAt(place: Place, { file, line }: Mutant): boolean {
  return `/${file}`.endsWith(`/${place.file}`) && (place.line === null || place.line === line);
}

function chosenExercises(input: Input, context: Context): Found<Exercise[]> {
  const listed = allExercises(context);
  if (!listed.ok) return listed;
  const [typed] = input.positionals;
  if ((typed === undefined) !== input.flag('all'))
    return { ok: false, message: 'Name one exercise, or give --all: npm run mutate -- --all' };
  if (typed === undefined) return { ok: true, value: loadedExercises(listed.value) };
  const found = findExercise(listed.value, typed);
  return found.ok ? { ok: true, value: [found.value] } : found;
}

/** So many mutants have to be done before the time that is left is said. */
const RATED = 20;

function progressText({ id }: Exercise, done: number, all: number, seconds: number): string {
  const rate = done / seconds;
  const left = done < RATED ? '' : ` · ${rate.toFixed(1)} a second, ${Math.ceil((all - done) / rate)} s left`;
  return `${id} · ${done} of ${all}${left}`;
}

function summaryOf(result: Mutated): string {
  const { exercise, mutants, killed, survived, seconds } = figuresOf(result);
  return `${exercise}: ${mutants} mutants, ${killed} killed, ${survived} survived, ${seconds} s`;
}

function reportOf(mutated: readonly Mutated[]): string {
  const survivors = mutated.flatMap(({ exercise, fates, equivalent }) =>
    fates
      .filter((fate) => !isKilled(fate) && !equivalent.has(fate.mutant.id))
      .map((fate) => survivorText(exercise, fate)),
  );
  const problems = mutated.flatMap(({ exercise, problems: each }) =>
    each.map((problem) => `${exercise}: ${neutralise(problem, { maxLines: 8 })}\n`),
  );
  return [...survivors, ...problems, tableOf(mutated.map(figuresOf))].join('\n');
}

function dataOf(mutated: readonly Mutated[]): object {
  return mutated.map((each) => ({
    ...figuresOf(each),
    problems: each.problems,
    fates: each.fates.map(({ mutant: { how: _how, ...mutant }, ...fate }) => ({
      ...mutant,
      ...fate,
      ms: Math.round(fate.ms),
      equivalent: each.equivalent.get(mutant.id) ?? null,
    })),
  }));
}
