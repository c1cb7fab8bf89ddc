import { renew } from '../update/renew.ts';
import type { Renewed } from '../update/renew.ts';
import { update } from '../update/update.ts';
import type { Report } from '../update/update.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { LiveLine } from './live-line.ts';
import { updatePage } from './update-page.ts';

/** The command, with what installs and builds afterwards; tests give their own. */
export function updateCommandWith(renewal: typeof renew): Command {
  return {
    name: 'update',
    summary:
      'Brings a newer workbook with git. Files that you edited stay as they are, byte for byte, committed or not.',
    positionals: [],
    options: {
      'dry-run': { help: 'Only say what would change.' },
      remote: { help: 'Where it comes from. Default: upstream if there is one, else origin.', value: 'NAME' },
      branch: { help: 'The branch to take. Default: the main branch of the remote.', value: 'NAME' },
      'no-install': { help: 'Do not run npm ci when the packages changed.' },
      json: { help: 'Print the result as JSON.' },
    },
    examples: [
      ['npm run update -- --dry-run', 'what is new?'],
      ['npm run update', 'bring it'],
    ],
    notes: [
      'Your files are those that an exercise declares editable: exercises/*/src, as a rule. All others belong to the workbook and become what the newer one has. What you changed in those is moved to set-aside/, never lost.',
    ],
    run: (input, context) => runUpdate(input, context, renewal),
  };
}

export const updateCommand: Command = updateCommandWith(renew);

async function runUpdate(input: Input, context: Context, renewal: typeof renew): Promise<ExitCode> {
  const { terminal, root, env } = context;
  const line = new LiveLine(terminal, 'update');
  const json = (value: unknown): void => {
    if (input.flag('json')) terminal.out(`${JSON.stringify(value, null, 2)}\n`);
  };
  try {
    const result = await update({
      root,
      env,
      remote: input.value('remote'),
      branch: input.value('branch'),
      dryRun: input.flag('dry-run'),
      now: context.now(),
      onProgress: (what) => line.show(what),
    });
    switch (result.kind) {
      case 'refused':
      case 'unreachable':
      case 'failed':
        line.clear();
        json(result);
        terminal.err(`${neutralise(result.why, { maxLines: 30 })}\n`);
        return result.kind === 'failed' ? 4 : 2;
      case 'current':
        line.clear();
        json(result);
        if (!input.flag('json')) terminal.out(currentText(result.source));
        return 0;
      case 'planned':
        line.clear();
        json(result);
        if (!input.flag('json')) terminal.out(updatePage(result, { planned: true, packages: 'untouched' }));
        return 0;
      case 'updated': {
        const install = result.changes.lock && !input.flag('no-install');
        const done = await renewal(root, { install, build: needsBuild(result, install) }, (what) =>
          line.show(what),
        );
        line.clear();
        json({ ...result, renewed: done });
        const packages = packagesOf(result, install, done);
        if (!input.flag('json')) terminal.out(updatePage(result, { planned: false, packages }));
        if (done.kind === 'done') return 0;
        terminal.err(
          `The files are new, and the last step failed. Finish it with: ${done.next}\n${neutralise(done.why, { maxLines: 12 })}\n`,
        );
        return 4;
      }
    }
  } finally {
    line.clear();
  }
}

/** Without the packages that a newer harness asks for, it cannot be built: `npm ci` does both. */
function needsBuild({ changes }: Report, install: boolean): boolean {
  return !install && !changes.lock && changes.harness > 0;
}

function packagesOf({ changes }: Report, install: boolean, done: Renewed): 'untouched' | 'new' | 'waiting' {
  if (!changes.lock) return 'untouched';
  return install && done.kind === 'done' ? 'new' : 'waiting';
}

function currentText({ remote, branch }: Report['source']): string {
  const hint =
    remote === 'origin'
      ? '\nIf origin is your own fork, tell git where the workbook comes from: git remote add upstream ADDRESS\n'
      : '\n';
  return `Nothing is newer at ${remote}/${branch}.${hint}`;
}
