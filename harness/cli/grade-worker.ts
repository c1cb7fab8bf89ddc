import { availableParallelism } from 'node:os';
import { probeLevel } from '../grade/level.ts';
import { shownAddress } from '../grade/sweep/queue/connection.ts';
import { startWorker } from '../grade/sweep/queue/worker.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import { workbookVersion } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, loadedExercises } from './exercises.ts';
import { isRedis } from './sweep-wish.ts';

/** Seconds. */
const PATIENCE = 30;

export const gradeWorkerCommand: Command = {
  name: 'grade:worker',
  summary:
    'Judge for a sweep that runs elsewhere, with this copy of the workbook. Ctrl-C ends it; others take over its job.',
  positionals: [],
  needsOptions: true,
  options: {
    queue: { value: 'REDIS', help: 'The address that the sweep was started with: redis://… or rediss://…' },
    lanes: {
      value: 'N',
      help: 'How many are judged side by side; as many as there are cores when left out.',
    },
    patience: {
      value: 'SECONDS',
      help: `After how long without a sign another worker is taken for dead, and its job done by others; ${PATIENCE} when left out.`,
    },
  },
  examples: [
    [
      'npm run grade:worker -- --queue redis://10.0.0.5:6379',
      'beside `npm run grade -- --roster … --queue …` on another machine',
    ],
  ],
  notes: [
    'Whoever can write to that Redis can write marks: give it a password, and use rediss:// on a network that is not your own.',
    'It ends with 2 when this copy, its Node.js or its isolation is not what the sweep asks for.',
  ],
  run: runGradeWorker,
};

async function runGradeWorker(input: Input, context: Context): Promise<ExitCode> {
  const { terminal, root, build } = context;
  const say = (message: string): ExitCode => {
    terminal.err(`${neutralise(message, { maxLines: 5 })}\n`);
    return 2;
  };
  const address = input.value('queue');
  if (address === null) return say('Which queue? Name its Redis: --queue redis://127.0.0.1:6379');
  if (!isRedis(address)) return say(`--queue takes the address of a Redis, not ${shown(address)}.`);
  const [lanes, patience] = [
    input.value('lanes') ?? String(availableParallelism()),
    input.value('patience') ?? String(PATIENCE),
  ];
  if (!/^[1-9]\d?$/.test(lanes)) return say('--lanes takes a whole number from 1 to 99.');
  if (!/^[1-9]\d{0,3}$/.test(patience))
    return say('--patience takes a whole number of seconds from 1 to 9999.');
  const listed = allExercises(context);
  if (!listed.ok) return say(listed.message);
  const started = await startWorker({
    address,
    root,
    build,
    harness: workbookVersion(root),
    exercises: loadedExercises(listed.value),
    lanes: Number(lanes),
    patience: Number(patience) * 1_000,
    probe: probeLevel,
    onDone: (count) => terminal.err(`${count} judged\n`),
  });
  if (!started.ok) return say(started.message);
  terminal.err(`Waiting for work from ${shownAddress(address)}. Ctrl-C ends it.\n`);
  const { message } = await started.worker.end;
  await started.worker.close();
  return say(message);
}
