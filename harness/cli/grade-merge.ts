import { resolve } from 'node:path';
import { Ledger } from '../grade/sweep/ledger.ts';
import { mergeShards } from '../grade/sweep/merge.ts';
import { openOut } from '../grade/sweep/out.ts';
import { harmlessJson } from '../verdict/json.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { shownPath } from './chosen-path.ts';
import type { Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { writeForPeople } from './grade-reports.ts';

/** Joins the shards of a class. */
export async function runMerge(input: Input, context: Context, out: string): Promise<ExitCode> {
  const { terminal, cwd } = context;
  const say = (message: string): ExitCode => {
    terminal.err(`${neutralise(message, { maxLines: 20 })}\n`);
    return 2;
  };
  const folders = [...input.values('merge'), ...input.positionals].map((folder) => resolve(cwd, folder));
  if (folders.includes(out)) return say('The folder of --out is one of the shards. Name another one.');
  const opened = openOut(out);
  if (!opened.ok) return say(opened.message);
  const ledger = Ledger.open(out);
  if (!ledger.ok) return say(ledger.message);
  try {
    const merged = mergeShards(folders, out, ledger.ledger);
    if (!merged.ok) return say(merged.message);
    const { gradebook } = merged;
    await writeForPeople(out, context);
    const count = gradebook.students.length;
    if (input.flag('json')) terminal.out(harmlessJson(gradebook));
    else {
      const path = neutralise(shownPath(cwd, out), { maxLines: 1 });
      terminal.out(
        `${count} ${count === 1 ? 'student' : 'students'} of ${folders.length} shards\nwritten to ${path}\n`,
      );
    }
    return gradebook.students.some(({ problem }) => problem !== null) ? 1 : 0;
  } finally {
    ledger.ledger.close();
  }
}
