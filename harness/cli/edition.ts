import { relative, resolve } from 'node:path';
import type { Exercise } from '../catalog/exercise.ts';
import { readEdition } from '../catalog/edition-file.ts';
import { replaceFile } from '../catalog/written-file.ts';
import { chosenExercises, chosenRules } from '../edition/chosen.ts';
import { makeEdition, searchEdition } from '../edition/edition.ts';
import type { EditionMade } from '../edition/edition.ts';
import { recordOf } from '../edition/record.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Command, Input } from './command.ts';
import { workbookVersion } from './context.ts';
import type { Context, ExitCode } from './context.ts';
import { editionPage, leakPage } from './edition-page.ts';
import { allExercises } from './exercises.ts';
import type { Found } from './exercises.ts';
import { LiveLine } from './live-line.ts';

export const editionCommand: Command = {
  name: 'edition',
  summary:
    'Make a copy of the workbook to hand out to a class: suites and solutions sealed, authors’ tools left out.',
  positionals: [],
  needsOptions: true,
  options: {
    out: {
      value: 'DIR',
      help: 'Where it goes: a new or empty folder, or an edition made before, which is then made anew.',
    },
    exercises: {
      value: 'IDS',
      help: 'Ids and ranges, joined by commas: 01-http-server..04-jwt,07-cache. May be given again. Without it: all.',
    },
    'hold-back': {
      value: 'ID:RULES',
      help: 'Extra rules that only your copy has, and your grade counts: 04-jwt:R12,R15. May be given again.',
    },
    record: { value: 'FILE', help: 'Write down for yourself what was handed out and what was held back.' },
    verify: {
      value: 'DIR',
      help: 'Make nothing: search an edition for anything that should be sealed and can be read.',
    },
    json: { help: 'Print the record as JSON on stdout, and nothing else.' },
  },
  examples: [
    ['npm run edition -- --out ../class --exercises 01-http-server..12-production', 'a range'],
    [
      'npm run edition -- --out ../class --exercises 04-jwt --hold-back 04-jwt:R12,R15',
      'two rules are kept for the grade',
    ],
    ['npm run edition -- --verify ../class', 'does it give anything away?'],
  ],
  notes: [
    'Sealing is a curtain, not a wall: the key is in the edition. It keeps suites from being read by accident, by search engines and by assistants that read files.',
    'Only files that git knows are handed out, and assignments/*.yaml. Learners begin with the stubs, whatever lies in your exercises.',
    'It ends with 0 when the edition is made, 1 when something in it can be read that should be sealed, 2 for wrong use, 4 when the workbook itself failed.',
  ],
  run: runEdition,
};

async function runEdition(input: Input, context: Context): Promise<ExitCode> {
  const { terminal, root, cwd, env } = context;
  const say = (message: string, code: ExitCode = 2): ExitCode => {
    terminal.err(`${neutralise(message, { maxLines: 20 })}\n`);
    return code;
  };
  const listed = allExercises(context);
  if (!listed.ok) return say(listed.message);
  if (readEdition(root).kind !== 'missing') return say(NOT_FROM_HERE);
  const folder = input.value('verify');
  if (folder !== null) return await search(resolve(cwd, folder), input, context, say);
  const out = input.value('out');
  if (out === null) return say('Where does it go? Name a folder: --out DIR');
  const chosen = chosenExercises(listed.value, input.values('exercises'));
  if (!chosen.ok) return say(chosen.message);
  const held = chosenRules(chosen.value, input.values('hold-back'));
  if (!held.ok) return say(held.message);
  const line = new LiveLine(terminal, 'edition');
  try {
    const made = await makeEdition({
      root,
      out: resolve(cwd, out),
      exercises: chosen.value,
      held: held.value,
      env,
      onProgress: (what) => line.show(what),
    });
    line.clear();
    switch (made.kind) {
      case 'refused':
        return say(made.message);
      case 'failed':
        return say(`The edition does not work, which is a bug of ours. ${made.message}`, 4);
      case 'leaked':
        terminal.err(leakPage(made.leaks));
        return 1;
      case 'made':
        return finish(made.edition, input, context, say);
    }
  } finally {
    line.clear();
  }
}

function finish(
  edition: EditionMade,
  input: Input,
  context: Context,
  say: (message: string, code?: ExitCode) => ExitCode,
): ExitCode {
  const { terminal, cwd, root } = context;
  const record = recordOf(edition, { version: workbookVersion(root), now: context.now() });
  const text = `${JSON.stringify(record, null, 2)}\n`;
  const file = input.value('record');
  if (file !== null) {
    const inside = relative(edition.folder, resolve(cwd, file));
    if (!inside.startsWith('..'))
      return say(
        '--record names a file in the edition, which learners get. The edition is made; nothing was recorded.',
      );
    try {
      replaceFile(resolve(cwd, file), { bytes: Buffer.from(text), mode: 0o644 });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return say(`The edition is made, but the record could not be written (${why}). Name another file.`);
    }
  }
  terminal.out(input.flag('json') ? text : editionPage(edition, { cwd, record: file }));
  return 0;
}

async function search(
  folder: string,
  input: Input,
  { terminal, root, env }: Context,
  say: (message: string, code?: ExitCode) => ExitCode,
): Promise<ExitCode> {
  const read = readEdition(folder);
  if (read.kind !== 'edition')
    return say(
      `There is no edition in the folder of --verify.${read.kind === 'damaged' ? ` ${read.message}` : ''}`,
    );
  const listed = allExercises({ root } as Context);
  if (!listed.ok) return say(listed.message);
  const here: Found<Exercise[]> = chosenExercises(listed.value, []);
  if (!here.ok) return say(here.message);
  const line = new LiveLine(terminal, 'edition');
  try {
    const searched = await searchEdition({ root, env, folder, exercises: here.value });
    line.clear();
    if (!searched.ok) return say(searched.message);
    const { leaks, files } = searched;
    if (input.flag('json')) terminal.out(`${JSON.stringify({ schema: 1, files, leaks }, null, 2)}\n`);
    else if (leaks.length > 0) terminal.err(leakPage(leaks));
    else terminal.out(`Nothing that should be sealed can be read: ${files} files were searched.\n`);
    return leaks.length > 0 ? 1 : 0;
  } finally {
    line.clear();
  }
}

const NOT_FROM_HERE = 'This is an edition itself. Editions are made from the whole workbook.';
