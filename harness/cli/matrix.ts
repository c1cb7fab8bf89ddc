import { asPromised, matrix } from '../matrix/matrix.ts';
import type { JudgedRow, MatrixRow } from '../matrix/matrix.ts';
import { LINES } from '../matrix/versions.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Command, Input } from './command.ts';
import { inCi } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, findExercise, loadedExercises } from './exercises.ts';
import type { Found } from './exercises.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { LiveLine } from './live-line.ts';
import { SEEDS } from './judge.ts';

export const matrixCommand: Command = {
  name: 'matrix',
  summary: `The same programs on Node ${LINES.join(', ')}: judged by the real command on each, verdicts compared as a whole.`,
  positionals: [{ name: '[ID]', help: 'The programs of one exercise. Without it: of all.' }],
  options: {
    only: { value: 'NN', help: `One line beside Node ${LINES[0]}, for example 24.` },
    seed: { value: 'N', help: 'The seed of all checks; 1 when left out.' },
    json: { help: 'Print the result as JSON.' },
  },
  examples: [
    ['npm run matrix', 'installs each version the first time, and builds better-sqlite3 for it'],
    ['npm run matrix -- 01-http-server --only 26', 'the programs of 01 on Node 20 and 26'],
  ],
  notes: [
    'Node.js comes from npm and needs a network once; everything lies in .workbook/matrix. It ends with 1 when a verdict differs.',
  ],
  run: runMatrix,
};

async function runMatrix(input: Input, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const wrong = (message: string): ExitCode => {
    terminal.err(`${message}\n`);
    return 2;
  };
  const lines = linesOf(input.value('only'));
  if (lines === null) return wrong(`--only takes one of ${LINES.join(', ')}.`);
  const seed = Number(input.value('seed') ?? 1);
  if (!Number.isInteger(seed) || seed < 0 || seed >= SEEDS)
    return wrong(`--seed takes a whole number from 0 to ${SEEDS - 1}.`);
  const exercises = exercisesOf(input.positionals[0], context);
  if (!exercises.ok) return wrong(exercises.message);

  const line = new LiveLine(terminal, 'matrix');
  let told = '';
  try {
    const rows = await matrix({
      root: context.root,
      exercises: exercises.value,
      lines,
      seed,
      onProgress: (label) => {
        if (terminal.live) line.show(label);
        // Where nobody watches a line being rewritten, a line for each version is enough.
        else if (told !== (told = label.split(' · ')[0] ?? '')) terminal.err(`${told}\n`);
      },
    });
    line.clear();
    terminal.out(input.flag('json') ? `${JSON.stringify(rows, null, 2)}\n` : rows.map(rendered).join(''));
    const isWhole = rows.every((row) => row.kind === 'judged' && row.nativeMissing === null);
    return rows.every(asPromised) && (isWhole || !inCi(context.env)) ? 0 : 1;
  } catch (error) {
    line.clear();
    const why = error instanceof Error ? error.message : String(error);
    terminal.err(`The matrix could not be run. ${neutralise(why, { maxLines: 40 })}\n`);
    return 4;
  }
}

/** The lines to judge on, the one to compare with first; null: there is no such line. */
function linesOf(only: string | null): number[] | null {
  const [first = 0] = LINES;
  if (only === null) return [...LINES];
  const line = Number(only);
  if (!LINES.includes(line)) return null;
  return line === first ? [first] : [first, line];
}

function exercisesOf(typed: string | undefined, context: Context): Found<Exercise[]> {
  const listed = allExercises(context);
  if (!listed.ok) return listed;
  if (typed === undefined) return { ok: true, value: loadedExercises(listed.value) };
  const found = findExercise(listed.value, typed);
  return found.ok ? { ok: true, value: [found.value] } : found;
}

function rendered(row: MatrixRow): string {
  const name = `Node ${row.version}`.padEnd(13);
  if (row.kind === 'skipped') return `${name} not judged: ${row.why}\n`;
  return [
    `${name} ${headline(row)}`,
    ...remarks(row).map((remark) => `  ${neutralise(remark, { maxLines: 3 })}`),
    '',
  ].join('\n');
}

function headline({ programs, differing, medianMs }: JudgedRow): string {
  const state = differing.length === 0 ? 'the same verdicts' : `${differing.length} verdicts differ`;
  return `${programs} programs · ${state} · median ${Math.round(medianMs)} ms`;
}

function remarks(row: JudgedRow): string[] {
  const { nativeMissing, unjudged, withoutNative, recorded, differing } = row;
  return [
    ...(nativeMissing === null
      ? []
      : [`without better-sqlite3: ${nativeMissing}`, `${unjudged} programs that need it were not judged`]),
    ...(withoutNative === null ? [] : [`where better-sqlite3 is missing, ${withoutNative}`]),
    ...(recorded === null ? [] : [`a check of one's own files: ${recorded}`]),
    ...differing.map(({ exercise, program, where }) => `${exercise} ${program}: ${where.join(', ')}`),
  ];
}
