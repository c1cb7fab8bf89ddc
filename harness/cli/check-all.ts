import type { Exercise } from '../catalog/exercise.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import { loadedSubjectFiles } from '../check/files.ts';
import { renderJson } from '../verdict/json.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Round } from './check.ts';
import type { ExitCode } from './context.ts';
import { loadedExercises } from './exercises.ts';
import { exitCode, judge, record } from './judge.ts';

/**
 * Judges every exercise in order, locked or not, and records the results. Untouched stubs are said and count for
 * nothing, so that a fork in its first week is not red. The exit code is that of the worst.
 */
export async function checkAll(round: Round): Promise<ExitCode> {
  const { listed, engine, progress, input, context } = round;
  const { terminal } = context;
  const exercises = loadedExercises(listed);
  const page = tablePage(exercises, terminal.unicode ? ' · ' : ' - ');
  const print = input.flag('json') ? () => {} : (text: string) => terminal.out(`${text}\n`);
  const verdicts: Verdict[] = [];
  let worst: ExitCode = 0;
  let unrecorded = 0;
  for (const each of listed) {
    if (each.ok) continue;
    terminal.err(`${describeProblem(each.problem)}\n`);
    worst = 2;
  }
  for (const exercise of exercises) {
    const { folder } = exercise;
    const files = await loadedSubjectFiles(context.root, exercise, folder);
    if (files.untouched) {
      print(page.row(exercise.id, 'not started'));
      continue;
    }
    const verdict = await judge({
      exercise,
      files,
      folder,
      only: null,
      engine,
      inspect: false,
      seed: input.value('seed'),
      context,
    });
    // The next thread loads while this verdict is written down.
    engine.prepare();
    if (!record(verdict, progress, context)) unrecorded++;
    verdicts.push(verdict);
    print(page.row(exercise.id, page.result(verdict)));
    worst = Math.max(worst, exitCode(verdict, null)) as ExitCode;
  }
  if (input.flag('json')) {
    terminal.out(`[${verdicts.map((verdict) => renderJson(verdict).trimEnd()).join(',\n')}]\n`);
  } else {
    const passed = verdicts.filter(({ status }) => status === 'passed').length;
    print('');
    print(`${passed} of ${exercises.length} passed`);
    if (unrecorded > 0) print(notRecorded(unrecorded));
  }
  return worst;
}

function tablePage(exercises: readonly Exercise[], dot: string) {
  const width = Math.max(0, ...exercises.map(({ id }) => id.length));
  return {
    row: (id: string, text: string) => `${id.padEnd(width)}  ${text}`,
    result: (verdict: Verdict) => {
      const state = verdict.mastered ? 'mastered' : verdict.status;
      if (verdict.error !== null && verdict.status === 'error') {
        return [REASONS[verdict.error.kind], `npm run check ${verdict.exercise} says more`].join(dot);
      }
      const core = verdict.rules.filter((rule) => rule.tier === 'core');
      const kept = core.filter((rule) => rule.status === 'passed').length;
      const points = `${verdict.points} of ${verdict.maxPoints} points`;
      return [state, `${kept} of ${core.length} core`, points].join(dot);
    },
  };
}

const REASONS: Record<NonNullable<Verdict['error']>['kind'], string> = {
  files: 'files cannot be read',
  compile: 'syntax error',
  import: 'an import cannot be used',
  load: 'does not start',
  export: 'an export is missing',
  harness: 'the workbook failed',
};

const notRecorded = (count: number) =>
  count === 1 ? 'One result was not recorded.' : `${count} results were not recorded.`;
