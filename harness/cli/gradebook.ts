import { join, relative, resolve } from 'node:path';
import { distance } from 'fastest-levenshtein';
import { replaceFile } from '../catalog/written-file.ts';
import { OWN_COLUMNS } from '../grade/export/columns.ts';
import type { Layout } from '../grade/export/columns.ts';
import { exportClass, FORMATS } from '../grade/export/export.ts';
import type { Format } from '../grade/export/export.ts';
import { readRosterColumns } from '../grade/export/roster-columns.ts';
import { ClassFolder } from '../grade/gradebook/class-folder.ts';
import { writeReports } from '../grade/gradebook/write.ts';
import { neutralise } from '../verdict/neutralise.ts';
import { harmlessJson } from '../verdict/json.ts';
import { shown } from './command.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';
import { allExercises, loadedExercises } from './exercises.ts';
import type { Found } from './exercises.ts';
import { LiveLine } from './live-line.ts';

const NAMES = Object.keys(FORMATS).filter((name): name is Format => Object.hasOwn(FORMATS, name));

export const gradebookCommand: Command = {
  name: 'gradebook',
  summary: 'Write the report and the table of a class again from its grades.json, or export its marks.',
  positionals: [{ name: 'DIR', help: 'The folder that `npm run grade -- --roster …` wrote with --out.' }],
  options: {
    export: {
      value: 'FORMAT',
      help: `${NAMES.map((name) => `${name} (${FORMATS[name].what})`).join('; ')}.`,
    },
    to: { value: 'PATH', help: 'The file or the folder of the export.' },
    map: {
      value: 'COLUMN=ROSTER_COLUMN',
      help: 'Canvas and Moodle: which column of the roster stands in a column of the export. Give it again for more.',
    },
    roster: {
      value: 'FILE',
      help: 'For --map: a CSV file with a column student, for columns that the sweep did not keep.',
    },
    each: { help: 'Canvas and Moodle: a column for each exercise instead of one for the assignment.' },
    json: { help: 'Print what was written as JSON on stdout, and nothing else.' },
  },
  examples: [
    ['npm run gradebook -- ../marks/week-1', 'grades.csv, report.html and students/ again'],
    ['npm run gradebook -- ../marks/week-1 --export canvas --to week-1.csv', 'for Gradebook → Import'],
    [
      'npm run gradebook -- ../marks/week-1 --export moodle --to week-1.csv --roster roster.csv --map "ID number=matriculation"',
      'students are found by a column of your own',
    ],
  ],
  notes: [
    'Nothing is judged, and grades.json is not changed. What is for students says no more than the assignment allows.',
    'It ends with 0 when all was written, 2 for wrong use or a folder that cannot be read, 4 when it could not be written.',
  ],
  run: (input, context) => runGradebook(input, context),
};

async function runGradebook(input: Input, context: Context): Promise<ExitCode> {
  const { terminal, cwd } = context;
  const say = (message: string, code: ExitCode = 2): ExitCode => {
    terminal.err(`${neutralise(message, { maxLines: 30 })}\n`);
    return code;
  };
  const folder = resolve(cwd, input.positionals[0] ?? '');
  const format = formatOf(input);
  if (!format.ok) return say(format.message);
  try {
    if (format.value === null) return await renew(folder, input, context, say);
    const layout = layoutOf(input, context, format.value);
    if (!layout.ok) return say(layout.message);
    return exported(folder, { format: format.value, layout: layout.value, input, context, say });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return say(
      `It could not be written (${error.message}). Look at the free space and at who may write there.`,
      4,
    );
  }
}

type Say = (message: string, code?: ExitCode) => ExitCode;

async function renew(folder: string, input: Input, context: Context, say: Say): Promise<ExitCode> {
  const listed = allExercises(context);
  if (!listed.ok) return say(listed.message);
  const line = new LiveLine(context.terminal, 'writing');
  const { root, build } = context;
  let written;
  try {
    written = await writeReports(folder, loadedExercises(listed.value), {
      root,
      build,
      onStep: (what) => line.show(what),
    });
  } finally {
    line.clear();
  }
  if (!written.ok) return say(written.message);
  const { files, students, pairs, groups, problems } = written;
  for (const problem of problems.slice(0, 10)) say(problem);
  if (problems.length > 10) say(`and ${problems.length - 10} more`);
  if (input.flag('json'))
    context.terminal.out(harmlessJson({ folder, files, students, pairs, groups, problems }));
  else {
    context.terminal.out(
      `${students} students, ${alikeText(pairs, groups)} to look at\nwritten to ${place(context, folder)}: ${files.join(', ')}\n`,
    );
  }
  return 0;
}

/** `2 similar pairs` · `1 similar pair and 1 group with one program` */
export function alikeText(pairs: number, groups: number): string {
  const found = `${pairs} similar ${pairs === 1 ? 'pair' : 'pairs'}`;
  return groups === 0
    ? found
    : `${found} and ${groups} ${groups === 1 ? 'group' : 'groups'} with one program`;
}

type Exporting = { format: Format; layout: Layout; input: Input; context: Context; say: Say };

function exported(path: string, { format, layout, input, context, say }: Exporting): ExitCode {
  const to = input.value('to');
  if (to === null) return say('Where does the export go? Name it: --to PATH');
  const opened = ClassFolder.open(path);
  if (!opened.ok) return say(opened.message);
  const { folder } = opened;
  const target = resolve(context.cwd, to);
  const result = exportClass(folder, format, layout);
  let files = 0;
  const put = (file: string, text: string): void => {
    replaceFile(file, { bytes: Buffer.from(text), mode: 0o644 });
    files++;
  };
  if (result.kind === 'file') put(target, result.text);
  else {
    for (const each of result.files) {
      for (const [name, text] of each) put(join(target, ...name.split('/')), text);
    }
  }
  for (const problem of folder.problems.slice(0, 10)) say(problem);
  const students = folder.gradebook.students.length;
  if (input.flag('json')) {
    context.terminal.out(harmlessJson({ format, to: target, files, students, problems: folder.problems }));
  } else {
    context.terminal.out(`${students} students for ${format}\nwritten to ${place(context, target)}\n`);
  }
  return 0;
}

function formatOf(input: Input): Found<Format | null> {
  const typed = input.value('export');
  if (typed === null) {
    const stray = ['to', 'map', 'roster'].find((name) => input.value(name) !== null);
    return stray === undefined && !input.flag('each')
      ? { ok: true, value: null }
      : {
          ok: false,
          message: `--${stray ?? 'each'} belongs to an export. Name the format: --export ${NAMES.join(' | ')}`,
        };
  }
  const format = NAMES.find((name) => name === typed);
  if (format !== undefined) return { ok: true, value: format };
  const near = NAMES.find((name) => distance(name, typed.toLowerCase()) <= 2);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return { ok: false, message: `--export takes ${NAMES.join(', ')}, not ${shown(typed)}.${hint}` };
}

function layoutOf(input: Input, { cwd }: Context, format: Format): Found<Layout> {
  const wrong = (message: string): Found<Layout> => ({ ok: false, message });
  const { columns } = FORMATS[format];
  const pairs = input.values('map');
  const file = input.value('roster');
  if (columns === null && (pairs.length > 0 || file !== null || input.flag('each'))) {
    return wrong(`--map, --roster and --each are for canvas and moodle; ${format} has no columns.`);
  }
  const read = file === null ? null : readRosterColumns(resolve(cwd, file));
  if (read?.ok === false) return wrong(read.message);
  const known = [...new Set([...OWN_COLUMNS, ...(read?.columns ?? [])])];
  const map = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [column, from] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    if (at < 0) return wrong(`--map takes COLUMN=ROSTER_COLUMN, not ${shown(pair)}.`);
    if (!(columns ?? []).some((each) => each === column)) {
      return wrong(`${format} has the columns ${(columns ?? []).join(', ')}, and no ${shown(column)}.`);
    }
    if (!known.includes(from)) {
      return wrong(
        `The roster has no column ${shown(from)}. There are ${known.map((each) => shown(each)).join(', ')}.`,
      );
    }
    map.set(column, from);
  }
  return { ok: true, value: { map, roster: read?.roster ?? new Map(), each: input.flag('each') } };
}

/** As short as it can be written from where the person stands. */
function place({ cwd }: Context, path: string): string {
  const short = relative(cwd, path);
  return neutralise(short === '' || short.startsWith('..') ? path : short, { maxLines: 1 });
}
