import { benchClass, benchKills, benchSweep } from '../bench/class.ts';
import type { ClassFigures, KillFigures, SweepFigures, Swept } from '../bench/class.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { LiveLine } from './live-line.ts';

const CLASS = '04-jwt';
const SUBMISSIONS = 100;
const PLAIN_RUNS = 5;

/** Up to so many submissions each is another text. Of more of them only a few are: what is measured then is all but judging. */
const ALL_DIFFER = 200;
const DISTINCT = 20;

/** How many submissions a sweep has to be done with while plain Vitest is done with one, on two cores. */
const TIMES = 8;

/** What a sweep over unchanged submissions may take, in milliseconds. */
const AGAIN_WITHIN = 5_000;

/** `npm run bench -- --class`, `--sweep N` and `--sweep N --kills N`. */
export async function runBenchClass(input: Input, context: Context): Promise<ExitCode> {
  const { terminal, root } = context;
  const counts = ['sweep', 'kills', 'saves'].map((name) => input.value(name));
  if (counts.some((typed) => typed !== null && !/^[1-9]\d{0,3}$/.test(typed))) {
    terminal.err('--sweep, --kills and --saves take a whole number from 1 to 9999.\n');
    return 2;
  }
  const [sweep, kills, submissions] = counts.map((typed) => (typed === null ? null : Number(typed)));
  const line = new LiveLine(terminal, 'bench');
  const answer = (figures: object, text: string, isGood: boolean): ExitCode => {
    line.clear();
    terminal.out(input.flag('json') ? `${JSON.stringify({ ...figures, isGood }, null, 2)}\n` : text);
    return isGood ? 0 : 1;
  };
  try {
    if (sweep === null || sweep === undefined) {
      const figures = await benchClass(root, CLASS, submissions ?? SUBMISSIONS, PLAIN_RUNS);
      return answer(figures, classText(figures), figures.ratio >= TIMES);
    }
    if (kills !== null && kills !== undefined) {
      const figures = await benchKills(root, sweep, kills, (done) => line.show(`kill ${done} of ${kills}`));
      return answer(figures, killText(figures), figures.same);
    }
    const figures = await benchSweep(root, sweep, sweep <= ALL_DIFFER ? sweep : DISTINCT);
    return answer(figures, sweepText(figures), figures.again.ms < AGAIN_WITHIN);
  } catch (error) {
    line.clear();
    const why = error instanceof Error ? error.message : String(error);
    terminal.err(`The bench could not be run: ${neutralise(why, { maxLines: 40 })}\n`);
    return 1;
  }
}

function classText({
  exercise,
  submissions,
  swept,
  plain,
  plainCpu,
  ratio,
  cores,
  node,
}: ClassFigures): string {
  return [
    `${submissions} submissions of ${exercise}  ${runText(swept, submissions)}`,
    `plain Vitest for one      ${ms(plain.median)}  (${ms(plain.min)} to ${ms(plain.max)})${plainCpu === null ? '' : ` · ${ms(plainCpu)} of computing`}`,
    `${ratio.toFixed(1)} times the throughput · ${cores} cores · Node ${node}`,
    '',
  ].join('\n');
}

function sweepText({ submissions, contents, first, again, cores, node }: SweepFigures): string {
  return [
    `${submissions} submissions of 01, ${contents} different  ${runText(first, contents)}`,
    `the same command again              ${runText(again, submissions)}`,
    `${cores} cores · Node ${node}`,
    '',
  ].join('\n');
}

function killText({ kills, landed, same, students }: KillFigures): string {
  const marks = same
    ? 'the marks are those of an undisturbed run'
    : 'THE MARKS DIFFER from those of an undisturbed run';
  return `${students} submissions, killed ${kills} times (${landed} before the end): ${marks}\n`;
}

function runText({ ms: took, cpu, memory, lanes }: Swept, count: number): string {
  const mb = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
  return [
    `${(took / 1_000).toFixed(1)} s, ${ms(took / count)} for one`,
    ...(cpu === null ? [] : [`${ms(cpu / count)} of computing for one`]),
    ...(memory === null ? [] : [`${mb(memory)} of memory`]),
    ...(lanes === null || lanes === 0 ? [] : [`${mb(lanes)} for a lane`]),
  ].join(' · ');
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
