import { bench } from '../bench/bench.ts';
import type { Measured } from '../bench/bench.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { LiveLine } from './live-line.ts';

const RUNS = 7;

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Speed: a cold check of the solved 01 beside plain Vitest on an equivalent suite.',
  positionals: [],
  options: {
    runs: { value: 'N', help: `How often each is measured; ${RUNS} when left out.` },
    json: { help: 'Print the figures as JSON.' },
  },
  examples: [['npm run bench', 'both command lines, and the medians of seven runs in turn']],
  run: runBench,
};

async function runBench(input: Input, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const typed = input.value('runs') ?? String(RUNS);
  if (!/^[1-9]\d?$/.test(typed)) {
    terminal.err('--runs takes a whole number from 1 to 99.\n');
    return 2;
  }
  const line = new LiveLine(terminal, 'bench');
  try {
    const result = await bench(context.root, Number(typed), (done) => line.show(`run ${done} of ${typed}`));
    line.clear();
    if (input.flag('json')) terminal.out(`${JSON.stringify(result, null, 2)}\n`);
    else {
      const { check, plain, ratio, runs, cores, node } = result;
      const rows = [row('check', check), row('plain Vitest', plain)];
      terminal.out(
        `${rows.join('\n')}\nratio ${ratio.toFixed(2)} · medians of ${runs} runs in turn · ${cores} cores · Node ${node}\n`,
      );
    }
    return 0;
  } catch (error) {
    line.clear();
    const why = error instanceof Error ? error.message : String(error);
    terminal.err(`The bench could not be run: ${neutralise(why, { maxLines: 40 })}\n`);
    return 1;
  }
}

function row(name: string, { line, min, median, max }: Measured): string {
  const [low, middle, high] = [min, median, max].map((ms) => Math.round(ms));
  return `${name.padEnd(13)} ${String(middle).padStart(6)} ms  (${low}–${high})   ${line}`;
}
