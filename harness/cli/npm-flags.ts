import { neutralise } from '../verdict/neutralise.ts';
import type { Command } from './command.ts';

/**
 * npm takes options before `--` for its own and hands them on as environment variables; the command never sees them.
 * Without this a `--json` would be lost in silence. The text says how to write it; null: nothing was lost.
 */
export function swallowedByNpm(
  command: Pick<Command, 'name' | 'options' | 'positionals'>,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  // Variables of an npm that runs something else around this command say nothing about it.
  if (env.npm_lifecycle_event !== command.name) return null;
  const kept: Kept[] = [];
  for (const [name, { value }] of Object.entries(command.options)) {
    const text = keptText(name, env);
    if (text === undefined || text === '' || text === 'false' || text === 'null') continue;
    if (argv.some((word) => word === `--${name}` || word.startsWith(`--${name}=`))) continue;
    // Of `--seed 5` npm keeps `--seed` as a switch and hands 5 on as a word.
    kept.push({
      name,
      placeholder: value ?? null,
      value: value === undefined || text === 'true' ? null : text,
    });
  }
  if (kept.length === 0) return null;
  const names = kept.map(({ name }) => `--${name}`).join(' and ');
  const line = ['npm run', command.name, '--', ...words(command, argv, kept), ...kept.map(optionText)].join(
    ' ',
  );
  return `npm kept ${names} for itself. Options come after two dashes:\n\n  ${neutralise(line)}\n`;
}

/** What npm has under the option's name. Of `--no-install` it makes an `install` that is empty: switched off. */
function keptText(name: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  const text = env[`npm_config_${name.replaceAll('-', '_')}`];
  if (text !== undefined || !name.startsWith('no-')) return text;
  return env[`npm_config_${name.slice(3).replaceAll('-', '_')}`] === '' ? 'true' : undefined;
}

/** `placeholder`: what stands for the value in the help; null: a switch. `value`: null where npm lost it. */
type Kept = { name: string; placeholder: string | null; value: string | null };

/** The words as typed; or, when one of them may be the value of an option, the names of the words. */
function words(
  { positionals }: Pick<Command, 'positionals'>,
  argv: readonly string[],
  kept: readonly Kept[],
): string[] {
  const isValueAmongThem = kept.some(({ placeholder, value }) => placeholder !== null && value === null);
  return isValueAmongThem ? positionals.map(({ name }) => name) : argv.map(quoted);
}

function optionText({ name, placeholder, value }: Kept): string {
  if (placeholder === null) return `--${name}`;
  return `--${name} ${value === null ? placeholder : quoted(value)}`;
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w@%+=:,./\\~-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`;
}
