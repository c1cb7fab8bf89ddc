import { scaffold } from '../scaffold/scaffold.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';

export const newCommand: Command = {
  name: 'new',
  summary:
    'Begins a new exercise: every file that it needs, with one core rule and one extra rule that work.',
  positionals: [{ name: 'NN-name', help: 'Two digits and a name in lower case, for example 05-validation.' }],
  options: {
    kind: { help: 'How its program is met: http (the default), module or sql.', value: 'KIND' },
    title: { help: 'Its title. Default: what the roadmap says, or the name in words.', value: 'TEXT' },
    requires: {
      help: 'What it builds on, separated by commas. Default: what the roadmap says.',
      value: 'IDS',
    },
  },
  examples: [
    ['npm run new 05-validation', 'an HTTP exercise with the title and the requirements of the roadmap'],
    ['npm run new -- 47-csv --kind module --requires 13-node-runtime', 'one of your own'],
  ],
  notes: ['Then `npm run verify NN-name` says what is still missing, the next thing first.'],
  run: runNew,
};

async function runNew(input: Input, context: Context): Promise<ExitCode> {
  const { out, err } = context.terminal;
  const [id = ''] = input.positionals;
  const made = scaffold(context.root, {
    id,
    kind: input.value('kind'),
    title: input.value('title'),
    requires: input.value('requires'),
  });
  if (made.kind !== 'made') {
    err(`${neutralise(made.why)}\n`);
    return made.kind === 'refused' ? 2 : 4;
  }
  const { beginning, files } = made;
  out(
    [
      `${id} is begun: ${beginning.title}`,
      '',
      ...files.map((file) => `  ${file}`),
      '',
      'Its stub scores nothing and its solution passes. R1 and R2 are examples: replace them with your own.',
      `  look at it   npm run check ${id}`,
      `  what next    npm run verify ${id}`,
      '',
    ].join('\n'),
  );
  return 0;
}
