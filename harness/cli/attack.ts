import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { campaign } from '../attack/campaign.ts';
import type { Campaign } from '../attack/campaign.ts';
import { ENTRIES } from '../attack/entry.ts';
import type { EntryName } from '../attack/entry.ts';
import { elsewhereTable } from '../attack/elsewhere.ts';
import { expectedAt, openRows } from '../attack/open-at.ts';
import { tableOf } from '../attack/table.ts';
import { placed } from '../screencast/page.ts';
import { probeIsolation } from '../subject/namespace/probe.ts';
import { harmlessJson } from '../verdict/json.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { LiveLine } from './live-line.ts';

export const attackCommand: Command = {
  name: 'attack',
  summary: 'Hostile programs against each way in, and against Vitest alone; the table goes into README.md.',
  positionals: [],
  options: {
    fast: { help: 'As few programs as it takes to have one for each row. The table in README.md says so.' },
    entry: { value: 'NAME', help: `Only this way in: ${ENTRIES.join(', ')}. README.md is left as it is.` },
    json: { help: 'Print everything as JSON. README.md is left as it is.' },
  },
  examples: [['npm run attack -- --fast', 'a quick look']],
  notes: [
    'It ends with 0 when no attack had any effect that its isolation level rules out, 1 when one had, 2 where programs cannot be shut in.',
  ],
  run: runAttack,
};

async function runAttack(input: Input, { root, terminal, now }: Context): Promise<ExitCode> {
  const typed = input.value('entry');
  const entry = ENTRIES.find((name) => name === typed);
  if (typed !== null && entry === undefined) {
    terminal.err(`--entry takes ${ENTRIES.join(', ')}.\n`);
    return 2;
  }
  const probed = await probeIsolation();
  if (!probed.ok) {
    terminal.err(
      `Attacks are tried at isolation level namespace as well. ${probed.why} ${probed.help ?? ''}\n`,
    );
    return 2;
  }
  const entries: readonly EntryName[] = entry === undefined ? ENTRIES : [entry];
  const line = new LiveLine(terminal, 'attack');
  const begun = now();
  const result = await campaign({
    entries,
    fast: input.flag('fast'),
    onProgress: (done, all, label) => line.show(`${done} of ${all} · ${label}`),
  });
  line.clear();
  const bad = unexpected(result);
  const table = tableOf(result.attacks, result.columns, result.plain);
  const heading = `${caption(result, input.flag('fast'))}\n`;
  if (input.flag('json')) terminal.out(harmlessJson(dataOf(result, bad)));
  else {
    terminal.out(`${table}\n`);
    for (const each of bad) terminal.out(`${neutralise(each, { maxLines: 4 })}\n`);
    terminal.out(`${summary(result, bad)} It took ${Math.round((now() - begun) / 1000)} s.\n`);
    if (entry === undefined) {
      const whole = [heading, table, openRows(result.attacks), '', elsewhereTable()].join('\n');
      return writeTable(root, whole, bad, terminal.err);
    }
  }
  return bad.length === 0 ? 0 : 1;
}

/** What the table was made from, above it. */
function caption({ attacks, columns }: Campaign, fast: boolean): string {
  const tries = columns.reduce((sum, { outcomes }) => sum + outcomes.size, 0);
  return `\`npm run attack${fast ? ' -- --fast' : ''}\`, Node ${process.version}: ${attacks.length} hostile programs and submissions, ${tries} tries.`;
}

/** What must not be: effects that the level rules out, and what was left behind. */
function unexpected({ columns, left }: Campaign): string[] {
  return [
    ...columns.flatMap(({ title, outcomes }) =>
      [...outcomes.values()].flatMap(({ attack, harms }) =>
        harms
          .filter((harm) => !expectedAt(title, attack, harm.kind))
          .map(({ kind, what }) => `${title}: ${attack}: ${kind}: ${what}`),
      ),
    ),
    ...left.map((each) => `left behind: ${each}`),
  ];
}

function summary({ attacks, columns }: Campaign, bad: readonly string[]): string {
  const tries = columns.reduce((sum, { outcomes }) => sum + outcomes.size, 0);
  const said = bad.length === 0 ? 'None had an effect that its level rules out.' : `${bad.length} had.`;
  return `${attacks.length} attacks, ${tries} tries. ${said}`;
}

function dataOf({ attacks, columns, plain, left }: Campaign, unexpectedOnes: readonly string[]): object {
  return {
    attacks: attacks.map(({ name, tries }) => ({ name, rows: tries, plain: plain.get(name) ?? null })),
    columns: columns.map(({ title, outcomes }) => ({ title, outcomes: [...outcomes.values()] })),
    left,
    unexpected: unexpectedOnes,
  };
}

function writeTable(
  root: string,
  table: string,
  bad: readonly string[],
  err: (text: string) => void,
): ExitCode {
  const file = join(root, 'README.md');
  const result = placed(readFileSync(file, 'utf8'), table, 'attack');
  if (!result.ok) {
    err(`${result.message}\n`);
    return 2;
  }
  writeFileSync(file, result.text);
  return bad.length === 0 ? 0 : 1;
}
