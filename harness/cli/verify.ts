import { verify } from '../verify/verify.ts';
import type { Proof } from '../verify/verify.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, findExercise, loadedExercises } from './exercises.ts';
import { LiveLine } from './live-line.ts';
import { describeProblem } from '../catalog/load-exercise.ts';

export const verifyCommand: Command = {
  name: 'verify',
  summary:
    'The author’s proof: stubs score nothing, right programs pass, every catalogued mistake fails as it says.',
  positionals: [{ name: '[ID]', help: 'One exercise. Without it: all.' }],
  options: {
    thorough: { help: 'Twenty more runs in random order under three time zones.' },
    json: { help: 'Print the result as JSON.' },
  },
  examples: [['npm run verify -- --thorough', 'the long proof']],
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
  const proofs = await verify(found === null ? loadedExercises(listed.value) : [found.value], {
    root: context.root,
    build: context.build,
    thorough: input.flag('thorough'),
    // A CI has nobody to commit what would be written.
    write: (context.env.CI ?? '') === '',
    onProgress: (done, all, label) => line.show(`${done} of ${all} · ${label}`),
  });
  line.clear();
  const holds = broken.length === 0 && proofs.every((proof) => proof.problems.length === 0);
  if (input.flag('json')) terminal.out(`${JSON.stringify({ holds, proofs }, null, 2)}\n`);
  else terminal.out(report(proofs, context.now() - begun));
  return holds ? 0 : 1;
}

function report(proofs: readonly Proof[], tookMs: number): string {
  const lines = proofs.flatMap(({ exercise, subjects, checks, problems, slowestMs }) => [
    `${exercise.padEnd(24)} ${problems.length === 0 ? 'holds' : `${problems.length} problems`} · ${subjects} subjects, ${checks} checks, the slowest ${slowestMs} ms`,
    ...problems.map((problem) => `  ${problem}`),
  ]);
  return [...lines, `took ${(tookMs / 1000).toFixed(1)} s`, ''].join('\n');
}
