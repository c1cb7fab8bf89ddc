import { parseArgs } from 'node:util';
import { distance } from 'fastest-levenshtein';
import { wrap } from '../verdict/layout.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Context, ExitCode } from './context.ts';
import { examplesOf } from './example-ids.ts';
import { swallowedByNpm } from './npm-flags.ts';

/** One option. `value`: the word that stands for its value in the help; without it the option is a switch. */
export type Option = { help: string; value?: string; short?: string };

/** A command as data: the help and the parsing come from the same lines. */
export type Command = {
  name: string;
  summary: string;
  /** Words in order: `ID` must be given, `[ID]` may be left out, and of `[ID...]`, the last one, there may be any number. */
  positionals: readonly { name: string; help: string }[];
  options: Readonly<Record<string, Option>>;
  /** Whole command lines with what they do. */
  examples: readonly (readonly [line: string, does: string])[];
  /** True: without options there is nothing that it could do. */
  needsOptions?: true;
  /** Sentences at the end of the help. */
  notes?: readonly string[];
  run(input: Input, context: Context): Promise<ExitCode>;
};

/** What was typed. Asking for an option that the command does not define is a bug, and throws. */
export type Input = {
  positionals: readonly string[];
  /** Whether a switch was given. */
  flag(name: string): boolean;
  /** The value of an option, never empty; null: not given. */
  value(name: string): string | null;
  /** All values of an option that may be given more than once, in order. */
  values(name: string): readonly string[];
};

const HELP: Option = { help: 'Show this help.', short: 'h' };

/** Parses and runs. Wrong use is answered in words, with exit code 2. */
export async function runCommand(
  command: Command,
  argv: readonly string[],
  context: Context,
): Promise<ExitCode> {
  const { terminal } = context;
  const swallowed = swallowedByNpm(command, argv, context.env);
  if (swallowed !== null) {
    terminal.err(swallowed);
    return 2;
  }
  const parsed = parse(command, argv);
  switch (parsed.kind) {
    case 'help':
      terminal.out(usage(command, terminal.columns, examplesOf(context.root)));
      return 0;
    case 'wrong':
      terminal.err(`${parsed.why}\nRun \`npm run ${command.name} -- --help\` to see what there is.\n`);
      return 2;
    case 'input':
      return await command.run(parsed.input, context);
  }
}

type Parsed = { kind: 'input'; input: Input } | { kind: 'help' } | { kind: 'wrong'; why: string };

/** Node's parser takes the line apart; what is wrong is said in words of ours, the same on every version of Node. */
function parse(command: Command, argv: readonly string[]): Parsed {
  const options: Readonly<Record<string, Option>> = { ...command.options, help: HELP };
  const { tokens } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) },
      ]),
    ),
  });
  const positionals: string[] = [];
  const given = new Map<string, string[]>();
  const wrong: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    const problem = optionProblem(token, option, Object.keys(options));
    if (problem !== null) wrong.push(problem);
    else given.set(token.name, [...(given.get(token.name) ?? []), token.value ?? '']);
  }
  if (given.has('help')) return { kind: 'help' };
  const why = wrong[0] ?? positionalProblem(command, positionals);
  if (why !== null) return { kind: 'wrong', why };
  return { kind: 'input', input: inputOf(options, positionals, given) };
}

type OptionToken = {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue?: boolean | undefined;
};

function optionProblem(
  token: OptionToken,
  option: Option | undefined,
  known: readonly string[],
): string | null {
  if (option === undefined) {
    const near = known.find((name) => distance(name, token.name.toLowerCase()) <= 2);
    const next = near === undefined ? '' : ` Did you mean --${near}?`;
    return `There is no option ${shown(token.rawName)}.${next}`;
  }
  if (option.value === undefined) {
    return token.value === undefined ? null : `--${token.name} takes no value.`;
  }
  // What looks like the next option is no value: `--from --json` forgot one.
  const isNextOption = token.inlineValue !== true && token.value?.startsWith('-') === true;
  if (token.value !== undefined && token.value !== '' && !isNextOption) return null;
  return `--${token.name} needs a value: --${token.name} ${option.value}`;
}

function positionalProblem({ name, positionals }: Command, typed: readonly string[]): string | null {
  const takesMore = positionals.at(-1)?.name.endsWith('...]') === true;
  const extra = takesMore ? undefined : typed[positionals.length];
  if (extra !== undefined) return `There is one word too many: ${shown(extra)}`;
  const missing = positionals[typed.length];
  if (missing === undefined || missing.name.startsWith('[')) return null;
  return `A word is missing: npm run ${name} ${positionals.map((each) => each.name).join(' ')}`;
}

function inputOf(
  options: Readonly<Record<string, Option>>,
  positionals: readonly string[],
  given: ReadonlyMap<string, readonly string[]>,
): Input {
  const mustBe = (name: string, isSwitch: boolean) => {
    const option = options[name];
    if (option !== undefined && (option.value === undefined) === isSwitch) return;
    throw new Error(`--${name} is not defined as ${isSwitch ? 'a switch' : 'an option with a value'}`);
  };
  return {
    positionals,
    flag: (name) => {
      mustBe(name, true);
      return given.has(name);
    },
    value: (name) => {
      mustBe(name, false);
      return given.get(name)?.at(-1) ?? null;
    },
    values: (name) => {
      mustBe(name, false);
      return given.get(name) ?? [];
    },
  };
}

/** The help text of a command, laid out for a terminal of `columns`. `named`: puts exercises that are there into examples. */
export function usage(
  command: Command,
  columns: number,
  named: (text: string) => string = (text) => text,
): string {
  const width = Math.max(40, Math.min(columns, 100));
  const start = `npm run ${command.name}`;
  const words = command.positionals.map(({ name }) => ` ${name}`).join('');
  const hasOptions = Object.keys(command.options).length > 0;
  const rows: [left: string, right: string][] = [
    ...command.positionals.map(({ name, help }): [string, string] => [name, help]),
    ...Object.entries({ ...command.options, help: HELP }).map(([name, option]): [string, string] => [
      optionText(name, option),
      option.help,
    ]),
  ];
  const left = Math.max(...rows.map(([label]) => label.length)) + 4;
  return [
    ...wrap(command.summary, width),
    '',
    ...(command.needsOptions === true
      ? [`Usage: ${start} --${words} options`]
      : [`Usage: ${start}${words}`, ...(hasOptions ? [`       ${start} --${words} [options]`] : [])]),
    '',
    ...rows.flatMap(([label, help]) =>
      wrap(named(help), width - left).map(
        (line, index) => (index === 0 ? `  ${label}` : '').padEnd(left) + line,
      ),
    ),
    ...(command.examples.length === 0 ? [] : ['', 'Examples:']),
    ...command.examples.flatMap(([line, does]) => [`  ${named(line)}`, `      ${does}`]),
    ...(command.notes ?? []).flatMap((note) => ['', ...wrap(note, width)]),
    '',
  ].join('\n');
}

function optionText(name: string, { short, value }: Option): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** A word that somebody typed, harmless, short and to be seen. */
export function shown(typed: string): string {
  return typed.trim() === '' ? '""' : neutralise(typed, { maxChars: 100, maxLines: 1 });
}
