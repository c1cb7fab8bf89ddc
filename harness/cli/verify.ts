import { verify } from '../verify/verify.ts';
import type { Proof } from '../verify/verify.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, findExercise, loadedExercises } from './exercises.ts';
import { LiveLine } from './live-line.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import { todoOf } from '../verify/todo.ts';
import type { Todo } from '../verify/todo.ts';
import { incompleteText } from './todo-page.ts';

export const verifyCommand: Command = {
  name: 'verify',
  summary:
    'The author’s proof: stubs score nothing, right programs pass, every catalogued mistake fails as it says.',
  positionals: [{ name: '[ID]', help: 'One exercise. Without it: all.' }],
  options: {
    thorough: {
      help: 'Then all rules again, in random order, in three time zones and two other languages: right programs under twenty seeds, all others under three.',
    },
    json: { help: 'Print the result as JSON.' },
  },
  examples: [
    ['npm run verify -- --thorough', 'the long proof of all exercises; it says first how long it takes'],
    ['npm run verify -- 04-jwt --thorough', 'that of one'],
  ],
  notes: [
    'Of an exercise that is not complete it says what is missing: the next thing first, why, where, and which exercise shows it well. What is there already is judged all the same.',
  ],
  run: runVerify,
};

async function runVerify(input: Input, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const listed = allExercises(context);
  if (!listed.ok) {
    terminal.err(`${listed.message}\n`);
    return 2;
  }
  const [typed] = input.positionals;
  const found = typed === undefined ? null : findExercise(listed.value, typed);
  if (found !== null && !found.ok) {
    terminal.err(`${found.message}\n`);
    return 2;
  }
  const broken = found === null ? listed.value.filter((each) => !each.ok) : [];
  for (const each of broken) if (!each.ok) terminal.err(`${describeProblem(each.problem)}\n`);

  const line = new LiveLine(terminal, 'verify');
  const begun = context.now();
  let started = begun;
  // What a check takes differs much between exercises: at first the rate says nothing.
  const left = (done: number, all: number): string =>
    done < RATED ? '' : ` · ${duration(((context.now() - started) / 1000 / done) * (all - done))} left`;
  const exercises = found === null ? loadedExercises(listed.value) : [found.value];
  const proofs = await verify(exercises, {
    root: context.root,
    build: context.build,
    thorough: input.flag('thorough'),
    // A CI has nobody to commit what would be written.
    write: (context.env.CI ?? '') === '',
    onStart: (checks, seconds) => {
      if (input.flag('thorough')) line.say(`${checks} checks, about ${duration(seconds)}`);
      started = context.now();
    },
    onProgress: (done, all, label) => line.show(`${done} of ${all}${left(done, all)} · ${label}`),
  });
  line.clear();
  const holds = broken.length === 0 && proofs.every((proof) => proof.problems.length === 0);
  const todos = exercises.map(todoOf).filter(({ next }) => next !== null);
  if (input.flag('json')) terminal.out(`${JSON.stringify({ holds, proofs, todos }, null, 2)}\n`);
  else terminal.out(report(proofs, todos, context));
  if (!input.flag('json')) terminal.out(`took ${((context.now() - begun) / 1000).toFixed(1)} s\n`);
  return holds ? 0 : 1;
}

/** So many checks have to be done before the time that is left is said. */
const RATED = 30;

/** `40 s`, or `12 min`. */
function duration(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** An exercise that is complete: a line, then its problems. One that is not: what to do next. */
function report(proofs: readonly Proof[], todos: readonly Todo[], { terminal }: Context): string {
  const lines = proofs.flatMap((proof) => {
    const { exercise, subjects, checks, problems, slowestMs } = proof;
    const todo = todos.find((each) => each.exercise === exercise);
    if (todo !== undefined) return incompleteText(todo, proof, { whole: proofs.length === 1, ...terminal });
    return [
      `${exercise.padEnd(24)} ${problems.length === 0 ? 'holds' : `${problems.length} problems`} · ${subjects} subjects, ${checks} checks, the slowest ${slowestMs} ms`,
      ...problems.map((problem) => `  ${problem}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}
