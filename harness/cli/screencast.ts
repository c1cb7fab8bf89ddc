import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { placed } from '../screencast/page.ts';
import { play } from '../screencast/screencast.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';

export const screencastCommand: Command = {
  name: 'screencast',
  summary: 'Play the first hour with 01 in a copy of the workbook, and put what was printed into README.md.',
  positionals: [],
  options: { print: { help: 'Print it, and leave README.md as it is.' } },
  examples: [['npm run screencast', 'after a change of what commands print']],
  run: runScreencast,
};

async function runScreencast(input: Input, { root, terminal }: Context): Promise<ExitCode> {
  const file = join(root, 'README.md');
  const played = await play(root);
  if (input.flag('print')) {
    terminal.out(played);
    return 0;
  }
  const page = readFileSync(file, 'utf8');
  const result = placed(page, played);
  if (!result.ok) {
    terminal.err(`${result.message}\n`);
    return 2;
  }
  if (result.text === page) {
    terminal.out('README.md shows what the commands print. Nothing was changed.\n');
    return 0;
  }
  writeFileSync(file, result.text);
  terminal.out('README.md has the new screencast.\n');
  return 0;
}
