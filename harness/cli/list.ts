import { neutralise } from '../verdict/neutralise.ts';
import { assignedIn } from './assigned.ts';
import type { Command, Input } from './command.ts';
import { inCi } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, withProgress } from './exercises.ts';
import { renderOverview } from './list-page.ts';
import { takeOverview } from './overview.ts';

export const listCommand: Command = {
  name: 'list',
  summary: 'Show the exercises: what you passed, where you are, and what comes next.',
  positionals: [],
  options: {
    all: { help: 'Show every exercise: finished and locked phases, and those that are still to come.' },
    json: { help: 'Print all of it as JSON. harness/cli/overview.ts describes the format.' },
  },
  examples: [
    ['npm run list', 'what you can do now'],
    ['npm run list -- --all', 'the whole roadmap'],
  ],
  run: runList,
};

async function runList(input: Input, context: Context): Promise<ExitCode> {
  const { terminal } = context;
  const listed = allExercises(context);
  if (!listed.ok) {
    terminal.err(`${listed.message}\n`);
    return 2;
  }
  const assigned = await assignedIn(context, listed.value);
  return await withProgress(context, async (access): Promise<ExitCode> => {
    if (!access.ok) terminal.err(`${access.message}\n${UNKNOWN}\n\n`);
    const states = access.ok ? access.progress.states() : null;
    const overview = takeOverview(listed.value, states, inCi(context.env), assigned);
    terminal.out(
      input.flag('json')
        ? `${JSON.stringify(overview, printable, 2)}\n`
        : renderOverview(overview, { ...terminal, all: input.flag('all') }),
    );
    return 0;
  });
}

/** Titles come from files that anybody may have written. */
function printable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? neutralise(value) : value;
}

const UNKNOWN = 'So the list does not show what you passed.';
