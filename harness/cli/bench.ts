import { bench, benchable } from '../bench/bench.ts';
import type { Measured } from '../bench/bench.ts';
import { benchPage } from '../bench/page.ts';
import type { PageFigures } from '../bench/page.ts';
import { benchWatch } from '../bench/watch.ts';
import type { Times, WatchResult } from '../bench/watch.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { LiveLine } from './live-line.ts';

const RUNS = 7;
const SAVES = 50;
const SOLVED = '01-http-server';
const PAGE_SAVES = 10;

/** What the page may take, to be there and to show a verdict, in milliseconds. */
const PAGE_MS = 300;
const WATCHED = '04-jwt';

/** Memory may grow by this factor from the first save to the last: caches fill, and V8 tidies up when it likes. */
const GROWTH = 1.5;

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Speed: a cold check of a solved exercise beside plain Vitest on an equivalent suite.',
  positionals: [
    { name: '[ID]', help: `The exercise; ${SOLVED} when left out. 04-jwt has a plain suite too.` },
  ],
  options: {
    runs: { value: 'N', help: `How often each is measured; ${RUNS} when left out.` },
    watch: {
      help: `Measure \`npm run watch\` instead, on ${WATCHED}: from a save to the rule that failed before, and to the whole verdict.`,
    },
    page: {
      help: 'Measure the page of `npm start` instead, in Chromium: until it is there, and until it shows a verdict.',
    },
    saves: {
      value: 'N',
      help: `With --watch or --page, how many saves; ${SAVES} or ${PAGE_SAVES} when left out.`,
    },
    class: {
      help: `Measure a sweep of right submissions of ${WATCHED} instead, beside one run of plain Vitest for each; --saves says how many.`,
    },
    sweep: {
      value: 'N',
      help: 'Measure a sweep of N submissions of 01 instead, and the same command again. Of more than 200, only 20 differ.',
    },
    kills: {
      value: 'N',
      help: 'With --sweep, kill it at so many random moments instead, and compare the marks.',
    },
    exercise: { value: 'ID', help: 'With --watch, another exercise.' },
    json: { help: 'Print the figures as JSON.' },
  },
  examples: [
    ['npm run bench', 'both command lines, and the medians of seven runs in turn'],
    ['npm run bench -- 04-jwt', 'the same for another exercise'],
    ['npm run bench -- --watch', 'median and 95th percentile of fifty saves'],
    ['npm run bench -- --class', 'a hundred right submissions of 04, beside plain Vitest'],
    ['npm run bench -- --sweep 20 --kills 50', 'a sweep killed at fifty random moments'],
    ['npm run bench -- --page', 'one exercise, and 46 of them with 10,000 attempts'],
    ['npm run bench -- --watch --saves 500', 'whether memory stays flat: it ends with 1 when it does not'],
  ],
  run: runBench,
};

async function runBench(input: Input, context: Context): Promise<ExitCode> {
  if (input.flag('class') || input.value('sweep') !== null) {
    const { runBenchClass } = await import('./bench-class.ts');
    return await runBenchClass(input, context);
  }
  if (input.flag('page')) return await runBenchPage(input, context);
  if (input.flag('watch')) return await runBenchWatch(input, context);
  const { terminal } = context;
  const typed = input.value('runs') ?? String(RUNS);
  if (!/^[1-9]\d?$/.test(typed)) {
    terminal.err('--runs takes a whole number from 1 to 99.\n');
    return 2;
  }
  const [id = SOLVED] = input.positionals;
  const known = benchable(context.root);
  if (!known.includes(id)) {
    terminal.err(`There is a plain suite to compare with for ${known.join(' and ')}, and for no other.\n`);
    return 2;
  }
  const line = new LiveLine(terminal, 'bench');
  try {
    const result = await bench(context.root, id, Number(typed), (done) =>
      line.show(`run ${done} of ${typed}`),
    );
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

async function runBenchWatch(input: Input, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const typed = input.value('saves') ?? String(SAVES);
  if (!/^[1-9]\d{0,3}$/.test(typed)) {
    terminal.err('--saves takes a whole number from 1 to 9999.\n');
    return 2;
  }
  const id = input.positionals[0] ?? input.value('exercise') ?? WATCHED;
  const line = new LiveLine(terminal, 'bench');
  try {
    const result = await benchWatch(context.root, id, Number(typed), (done) =>
      line.show(`save ${done} of ${typed}`),
    );
    line.clear();
    const isFlat = result.growth <= GROWTH;
    terminal.out(
      input.flag('json') ? `${JSON.stringify({ ...result, isFlat }, null, 2)}\n` : watchText(result, isFlat),
    );
    return isFlat ? 0 : 1;
  } catch (error) {
    line.clear();
    const why = error instanceof Error ? error.message : String(error);
    terminal.err(`The bench could not be run: ${neutralise(why, { maxLines: 40 })}\n`);
    return 1;
  }
}

async function runBenchPage(input: Input, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const typed = input.value('saves') ?? String(PAGE_SAVES);
  if (!/^[1-9]\d{0,3}$/.test(typed)) {
    terminal.err('--saves takes a whole number from 1 to 9999.\n');
    return 2;
  }
  const line = new LiveLine(terminal, 'bench');
  try {
    const result = await benchPage(context.root, Number(typed), (done) =>
      line.show(`save ${done} of ${2 * Number(typed)}`),
    );
    line.clear();
    const isFast = [result.small, result.large].every(
      ({ ready, shown }) => ready <= PAGE_MS && shown <= PAGE_MS,
    );
    const { small, large, saves, cores, node } = result;
    terminal.out(
      input.flag('json')
        ? `${JSON.stringify({ ...result, isFast }, null, 2)}\n`
        : `${pageLines(small)}\n${pageLines(large)}\nmedians of ${saves} saves · ${cores} cores · Node ${node}\n`,
    );
    if (!isFast) terminal.err(`The page took more than ${PAGE_MS} ms.\n`);
    return isFast ? 0 : 1;
  } catch (error) {
    line.clear();
    const why = error instanceof Error ? error.message : String(error);
    terminal.err(`The bench could not be run: ${neutralise(why, { maxLines: 40 })}\n`);
    return 1;
  }
}

function pageLines({ exercises, attempts, ready, map, exercise, history, shown, save }: PageFigures): string {
  const ms = (value: number): string => `${Math.round(value)} ms`;
  return [
    `${exercises} ${exercises === 1 ? 'exercise' : 'exercises'}, ${attempts} attempts`,
    `  page ready after the address   ${ms(ready)}`,
    `  map · exercise · history       ${ms(map)} · ${ms(exercise)} · ${ms(history)}`,
    `  verdict to the page            ${ms(shown)}  (save to the page ${ms(save)})`,
  ].join('\n');
}

function watchText(result: WatchResult, isFlat: boolean): string {
  const { exercise, saves, early, whole, check, slowestEarly, slowest, memory, growth, cores, node } = result;
  const ms = (value: number): string => `${Math.round(value)} ms`;
  const times = ({ min, median, p95, max }: Times): string =>
    `median ${ms(median)} · p95 ${ms(p95)}  (${ms(min)} to ${ms(max)})`;
  const rules = (list: readonly { rule: string; ms: number }[]): string =>
    list.map((each) => `${each.rule} ${ms(each.ms)}`).join(' · ');
  const course = memory
    .map(({ save, bytes }) => `${save}: ${Math.round(bytes / 1024 / 1024)} MB`)
    .join(' · ');
  return [
    ...(early === null
      ? []
      : [
          `save to the rule at work  ${times(early)}; of ${early.count} saves after one that failed`,
          `  the slowest             ${rules(slowestEarly)}`,
        ]),
    `save to the whole verdict ${times(whole)}; the check alone ${ms(check)}`,
    `  the slowest rules       ${rules(slowest)}`,
    `memory by save            ${course} · ratio ${growth.toFixed(2)}, ${isFlat ? 'flat' : `more than ${GROWTH}`}`,
    `${exercise}, wrong and right in turn · ${saves} saves, each when everything was warm again · ${cores} cores · Node ${node}`,
    '',
  ].join('\n');
}
