// canary c34b2bd4bf9df88a8d6c518e
import { Unmet } from '#suite';
import type { Yaml } from '#suite';
import { textOf } from './expression.ts';

export const COMMANDS = [
  'lint',
  'typecheck',
  'test',
  'image',
  'migrate',
  'deploy',
  'health',
  'rollback',
] as const;
export type Command = (typeof COMMANDS)[number];
export type Fields = Readonly<Record<string, unknown>>;

/** One of the eight, `npm ci`, or an installation that may bring other versions. */
export type Line = { kind: Command | 'ci' | 'install'; sets: readonly string[] };
/**
 * A line of a script, as the shell takes it: what is joined with `&&`, null where it is none of the commands. `ends`: a
 * failure of any of them ends the script (`|| exit 1`). `output`: a name and a value for $GITHUB_OUTPUT.
 */
export type Statement = {
  links: readonly (Line | null)[];
  ends: boolean;
  output: readonly [name: string, value: string] | null;
};
export type Step = {
  index: number;
  data: Fields;
  script: readonly Statement[];
  /** The commands of the script, in their order. */
  lines: readonly Line[];
  place: string;
};
export type Job = {
  id: string;
  data: Fields;
  needs: readonly string[];
  steps: readonly Step[];
  place: string;
};

/** How a command is written in a failure. */
export function spelled(command: Command): string {
  return command === 'test' ? 'npm test' : `npm run ${command}`;
}

/** A workflow as it stands in the file: its jobs, their steps, and the commands in them. */
export class Workflow {
  readonly data: Fields;
  readonly jobs: readonly Job[];
  readonly file: string;
  private readonly yaml: Yaml;

  constructor(yaml: Yaml) {
    this.yaml = yaml;
    this.file = yaml.file;
    this.data = mapOf(yaml.value);
    this.jobs = Object.entries(mapOf(this.data['jobs'])).map(([id, value]) => this.jobOf(id, mapOf(value)));
    const none = this.jobs.length === 0;
    if (none) throw new Unmet({ expected: `jobs in ${this.file}`, got: 'none' });
  }

  place(...path: readonly (string | number)[]): string {
    return this.yaml.place(...path);
  }

  /** The jobs that run one of these commands. */
  jobsWith(...commands: readonly Command[]): Job[] {
    return this.jobs.filter((job) =>
      job.steps.some(({ lines }) => lines.some(({ kind }) => (commands as readonly string[]).includes(kind))),
    );
  }

  /** The jobs in an order in which they can run. A circle, or a need that is not there, ends the rule. */
  ordered(): Job[] {
    const ordered: Job[] = [];
    const visit = (id: string, way: readonly string[]): void => {
      if (ordered.some((job) => job.id === id)) return;
      const job = this.jobs.find((each) => each.id === id);
      if (job === undefined || way.includes(id))
        throw new Unmet({
          expected: 'jobs that need jobs of this file, and not in a circle',
          got: job === undefined ? 'a job that is not there' : 'a circle',
          sent: `needs: ${id}, ${this.place('jobs', way.at(-1) ?? id, 'needs')}`,
        });
      for (const needed of job.needs) visit(needed, [...way, id]);
      ordered.push(job);
    };
    for (const { id } of this.jobs) visit(id, []);
    return ordered;
  }

  private jobOf(id: string, data: Fields): Job {
    const steps = listOf(data['steps']).map((value, index): Step => {
      const step = mapOf(value);
      const place = this.place('jobs', id, 'steps', index, 'run' in step ? 'run' : 'uses');
      const run = typeof step['run'] === 'string' ? step['run'] : '';
      const script = scriptOf(run, place);
      const lines = script.flatMap(({ links }) => links.filter((link) => link !== null));
      const shell = step['shell'] ?? defaultShell(data) ?? defaultShell(this.data);
      if (lines.length > 0 && shell !== undefined && shell !== 'bash' && shell !== 'sh')
        throw new Unmet({ expected: 'the default shell', got: textOf(shell), sent: place });
      return { index, data: step, script, lines, place };
    });
    return { id, data, needs: listOf(data['needs']).map(textOf), steps, place: this.place('jobs', id) };
  }
}

const STRICT =
  /^((?:[A-Za-z_]\w*=\S*\s+)*)npm\s+(?:-\S+\s+)*(?:(?:run|run-script)\s+(?:-\S+\s+)*([a-z]+)|(test|t|ci|install|i|add))(?:\s[^|;&<>()`]*)?$/;
const LOOSE = new RegExp(
  `\\bnpm\\b.*\\b(?:run(?:-script)?\\b.*\\b(?:${COMMANDS.join('|')})|test|t|ci|install)\\b`,
);

/** What decides in the shell which lines run, so that the commands beside it cannot be read any more. */
const SHELL =
  /(^|[;&|({]\s*|\b(?:then|else|do)\s+)(?:(?:if|elif|for|while|until|case|function|trap|exec|alias)\b|[\w-]+\s*\(\s*\))|\bexit\b(?!\s+[1-9])|<<-?\s*['"\w]|\bset\b.*\s\+(?:\w*e|o\s+errexit)/;

function defaultShell(data: Fields): unknown {
  return mapOf(mapOf(data['defaults'])['run'])['shell'];
}

/** The script of a `run`. A command that stands there in another way than the contract says ends the rule. */
function scriptOf(run: string, place: string): Statement[] {
  const script: Statement[] = [];
  const odd: string[] = [];
  for (const written of shellLines(run)) {
    const line = /^(echo|printf)\s/.test(written) ? written.replace(PLAIN_TEXT, '""') : written;
    // This changes nothing but where a script ends, and is read as such.
    const [, bare = line, guard] = /^(.*?)\s*(\|\|\s*exit\s+[1-9]\d*)?\s*;?$/.exec(line) ?? [];
    let strange = false;
    const links = bare.split('&&').map((segment) => {
      const [, sets = '', name, short] = STRICT.exec(segment.trim()) ?? [];
      const kind = kindOf(name, short);
      if (kind !== null) return { kind, sets: sets.split(/\s+/).map((each) => each.split('=')[0] ?? '') };
      if (LOOSE.test(segment) && !/^\s*(echo|printf)\s[^|;&<>()`]*$/.test(segment)) strange = true;
      return null;
    });
    if (strange || (!/^(echo|printf)\s[^|;&()`]*$/.test(line) && SHELL.test(line))) odd.push(written);
    if (strange) throw beside(place, written);
    const [, name, value] = OUTPUT.exec(written) ?? [];
    const output = name === undefined ? null : ([name, value ?? ''] as const);
    script.push({ links, ends: guard !== undefined, output });
  }
  const [first] = odd;
  if (first !== undefined && script.some(({ links }) => links.some((link) => link !== null)))
    throw beside(place, first);
  return script;
}

/** A text in quotes in which the shell runs nothing. */
const PLAIN_TEXT = /'[^']*'|"(?:[^"\\`$]|\\.|\$(?!\())*"/g;

const OUTPUT = /^echo\s+["']?([\w-]+)=([^"'$`]*)["']?\s*>>\s*"?\$\{?GITHUB_OUTPUT\}?"?$/;

function beside(place: string, line: string): Unmet {
  return new Unmet({
    expected: 'the commands in lines of their own, or joined with &&, and conditions in if: of the workflow',
    got: 'other words of the shell beside them',
    sent: `${place}: ${line}`,
  });
}

/** The lines of a script without comments; one that goes on in the next is one with it. */
function shellLines(run: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const raw of run.replace(/\\\r?\n/g, ' ').split(/\r?\n/)) {
    const line = `${open} ${raw.replace(/(^|\s)#.*$/, '')}`.trim();
    open = line.endsWith('&&') ? line : '';
    if (line !== '' && open === '') lines.push(line);
  }
  return lines;
}

function kindOf(script: string | undefined, short: string | undefined): Line['kind'] | null {
  if (script !== undefined) return COMMANDS.find((command) => command === script) ?? null;
  if (short === undefined) return null;
  if (short === 'ci') return 'ci';
  return short === 'test' || short === 't' ? 'test' : 'install';
}

export function mapOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** One or many, as YAML of GitHub allows in many places. */
export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : [value];
}
