import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { collisionKey } from '../catalog/file-name.ts';
import { probeLevel } from '../grade/level.ts';
import type { LevelProbe } from '../grade/level.ts';
import { Crew } from '../grade/sweep/crew.ts';
import { Ledger } from '../grade/sweep/ledger.ts';
import { openOut, writeOut } from '../grade/sweep/out.ts';
import { readRoster } from '../grade/sweep/roster.ts';
import type { Roster, RosterRow } from '../grade/sweep/roster.ts';
import { digestOfAssignment, isInShard } from '../grade/sweep/shard.ts';
import type { Shard, ShardFile } from '../grade/sweep/shard.ts';
import { sweep } from '../grade/sweep/sweep.ts';
import type { SweepResult } from '../grade/sweep/sweep.ts';
import { nodeVersion } from '../grade/sweep/work.ts';
import type { Judges } from '../grade/sweep/work.ts';
import { atExit } from '../subject/exit.ts';
import { harmlessJson } from '../verdict/json.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { shownPath } from './chosen-path.ts';
import type { Input } from './command.ts';
import { workbookVersion } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { writeForPeople } from './grade-reports.ts';
import { LiveLine } from './live-line.ts';
import { notIsolated } from './not-isolated.ts';
import { ProgressLine } from './sweep-progress.ts';
import { changesTable, sweepPage } from './sweep-page.ts';
import { sweepWish } from './sweep-wish.ts';
import type { Common, SweepWish } from './sweep-wish.ts';

/** No more problems of one kind than these are shown. */
const MOST_SHOWN = 50;

/** Judges a class. `probe`: tests give their own. */
export async function runSweep(
  input: Input,
  context: Context,
  common: Common,
  probe: LevelProbe = probeLevel,
): Promise<ExitCode> {
  const { terminal } = context;
  const say = (message: string): ExitCode => {
    terminal.err(`${message}\n`);
    return 2;
  };
  const wished = sweepWish(input, context, common);
  if (!wished.ok) return say(wished.message);
  const wish = wished.value;
  const { assignment, out, isolation, queue } = wish;
  const level = queue === null ? await probe(isolation) : ({ ok: true } as const);
  if (!level.ok) return say(notIsolated(isolation, level.why, level.help));
  const read = readRoster(wish.roster, { timezone: assignment.timezone, now: context.now() });
  if (!read.ok) return say(read.message);
  const { roster } = read;
  const rows = roster.rows.filter(({ student }) => wish.shard === null || isInShard(student, wish.shard));
  const opened = openOut(out);
  if (!opened.ok) return say(opened.message);
  const ledger = Ledger.open(out);
  if (!ledger.ok) return say(ledger.message);
  for (const line of [...wish.notes, ...problemLines(roster), ...strangers(wish, roster)])
    terminal.err(`${line}\n`);
  let judges: Judges | null = null;
  let result: SweepResult;
  const progress = new ProgressLine(terminal, new LiveLine(terminal, 'judging'));
  const forget = atExit(() => terminal.err(progress.stopped()));
  try {
    const made = await judgesFor(wish, context);
    if (!made.ok) return say(made.message);
    judges = made.judges;
    result = await sweep({
      ...wish,
      rows,
      ledger: ledger.ledger,
      judges,
      root: context.root,
      build: context.build,
      harness: workbookVersion(context.root),
      env: context.env,
      now: context.now,
      onProgress: (now) => progress.show(now),
    });
    if (wish.shard !== null) writeShard(result, { ...wish, shard: wish.shard }, roster);
    // Nothing more is judged, and the reports of a large class take a while.
    await judges.close();
    judges = null;
    await writeReportsOnce(ledger.ledger, out, context);
  } finally {
    forget();
    progress.clear();
    await judges?.close();
    ledger.ledger.close();
  }
  return report(result, { input, context, wish, roster });
}

/** Reports are made anew when the marks are other ones than those that they were made from, also after a kill. */
async function writeReportsOnce(ledger: Ledger, out: string, context: Context): Promise<void> {
  const stamp = ledger.stamp('grades.json') ?? '';
  if (ledger.meta('reported') === stamp && existsSync(join(out, 'report.html'))) return;
  await writeForPeople(out, context);
  ledger.keepMeta('reported', stamp);
}

/** What `--merge` holds against the other shards. */
function writeShard(
  { judgedWith }: SweepResult,
  { shard, assignment, isolation, out }: SweepWish & { shard: Shard },
  { rows }: Roster,
): void {
  const file: ShardFile = {
    schema: 1,
    shard,
    roster: rows.map(({ student }) => student),
    assignment: digestOfAssignment(assignment),
    ...judgedWith,
    node: nodeVersion(),
    isolation,
  };
  writeOut(out, 'shard.json', harmlessJson(file));
}

async function judgesFor(
  { lanes, queue, regrade }: SweepWish,
  { root, build }: Context,
): Promise<{ ok: true; judges: Judges } | { ok: false; message: string }> {
  if (queue === null)
    return { ok: true, judges: new Crew({ root, build, harness: workbookVersion(root), width: lanes }) };
  const { QueueJudges } = await import('../grade/sweep/queue/judges.ts');
  return await QueueJudges.open(queue, regrade);
}

function report(
  result: SweepResult,
  { input, context, wish, roster }: { input: Input; context: Context; wish: SweepWish; roster: Roster },
): ExitCode {
  const { terminal } = context;
  const { troubles, seenLate } = result;
  for (const { student, why } of troubles.slice(0, MOST_SHOWN))
    terminal.err(`${student}: ${neutralise(why, { maxLines: 6, maxChars: 600 })}\n`);
  if (troubles.length > MOST_SHOWN)
    terminal.err(`and ${troubles.length - MOST_SHOWN} more, all of them in grades.json\n`);
  if (seenLate > 0) terminal.err(`${seenLateText(seenLate)}\n`);
  if (input.flag('json')) terminal.out(harmlessJson(result.gradebook));
  else {
    const out = shownPath(context.cwd, wish.out);
    terminal.out(sweepPage(result, { ...terminal, out }));
    if (wish.regrade) terminal.out(changesTable(result.changes, terminal));
  }
  return troubles.length > 0 || roster.problems.length > 0 ? 1 : 0;
}

function problemLines({ problems }: Roster): string[] {
  const lines = problems.slice(0, MOST_SHOWN).map(({ line, column, message }) => {
    const where = column === null ? `line ${line}` : `line ${line}, ${column}`;
    return `The roster, ${where}: ${neutralise(message, { maxLines: 1 })}`;
  });
  const more = problems.length - MOST_SHOWN;
  return [...lines, ...(more > 0 ? [`The roster: and ${more} more lines with problems`] : [])];
}

/** Extensions are by name: one for nobody is a slip of the pen. And one repository of two students may be one. */
function strangers({ assignment }: SweepWish, { rows }: Roster): string[] {
  const names = new Set(rows.map(({ student }) => student));
  const unknown = new Set(
    assignment.extensions.map(({ student }) => student).filter((name) => !names.has(name)),
  );
  const byTarget = new Map<string, RosterRow[]>();
  for (const row of rows) {
    if (row.problem === null) byTarget.set(row.target, [...(byTarget.get(row.target) ?? []), row]);
  }
  const shared = [...byTarget.values()].filter(
    (group) =>
      group.length > 1 &&
      new Set(group.map(({ team, student }) => collisionKey(team ?? ` ${student}`))).size > 1,
  );
  return [
    ...[...unknown].map(
      (name) =>
        `The assignment has an extension for ${neutralise(name, { maxLines: 1 })}, who is not in the roster.`,
    ),
    ...shared.map((group) => {
      const lines = group.map(({ line }) => line).join(', ');
      return `The roster, lines ${lines}: these name the same submission and are not one team. Each gets its marks.`;
    }),
  ];
}

function seenLateText(count: number): string {
  const what = count === 1 ? '1 mark counts' : `${count} marks count`;
  return `${what} as late because no sweep saw the files before the due time, and a folder or an archive has no date. Where you know when they were received, write it into the roster's column received.`;
}
