import type { DockerInstruction } from '../probe/text-messages.ts';

/** Names that a builder gives a value of its own (Dockerfile reference, "Automatic platform ARGs in the global scope"). */
const GIVEN: ReadonlyMap<string, string> = new Map([
  ['BUILDPLATFORM', 'linux/amd64'],
  ['BUILDOS', 'linux'],
  ['BUILDARCH', 'amd64'],
  ['TARGETPLATFORM', 'linux/amd64'],
  ['TARGETOS', 'linux'],
  ['TARGETARCH', 'amd64'],
]);

/** A stage of a Dockerfile, from one FROM to the next. Variables in it are replaced by the values they have there. */
export type Stage = {
  /** The name behind AS in lower case; null: it has none. */
  name: string | null;
  /** What FROM names, such as `node:22-alpine` or the name of an earlier stage. */
  image: string;
  /** The stage that it builds on; null: an image from outside, or `scratch`. */
  parent: Stage | null;
  /** Where FROM stands, counted from 1. */
  line: number;
  /** All after FROM, in order. */
  instructions: DockerInstruction[];
};

/** A file of the learner, read as a Dockerfile. */
export class Dockerfile {
  readonly file: string;
  readonly stages: readonly Stage[];

  /** `value`: a list of `DockerInstruction`, as the probe for texts gives it. */
  constructor(file: string, value: unknown) {
    this.file = file;
    this.stages = stagesOf(value as readonly DockerInstruction[]);
  }

  /** The stage that `docker build` makes the image of. */
  get last(): Stage | null {
    return this.stages.at(-1) ?? null;
  }

  /** The stage that `--from=` or FROM names, by name or by number; null: an image from outside. */
  stage(name: string): Stage | null {
    const wanted = name.toLowerCase();
    return (
      this.stages.find((each) => each.name === wanted) ??
      this.stages[/^\d+$/.test(name) ? Number(name) : -1] ??
      null
    );
  }

  /** Such as `Dockerfile, line 3`. */
  place({ line }: { line: number }): string {
    return `${this.file}, line ${line}`;
  }
}

/** A stage and those that it builds on, the first one first. */
export function ancestry(stage: Stage): Stage[] {
  return stage.parent === null ? [stage] : [...ancestry(stage.parent), stage];
}

function stagesOf(instructions: readonly DockerInstruction[]): Stage[] {
  const stages: Stage[] = [];
  const before = new Map(GIVEN);
  /** What each stage ends with: one that builds on it begins with its ENV. */
  const environments = new Map<Stage, Map<string, string>>();
  let scope = new Map<string, string>();
  let environment = new Map<string, string>();
  for (const given of instructions) {
    const stage = stages.at(-1);
    if (given.keyword === 'FROM') {
      const image = expand(given.words[0] ?? '', before);
      const parent = stages.find(({ name }) => name === image.toLowerCase()) ?? null;
      const next: Stage = {
        name: given.words[1]?.toLowerCase() === 'as' ? (given.words[2]?.toLowerCase() ?? null) : null,
        image,
        parent,
        line: given.line,
        instructions: [],
      };
      environment = new Map(parent === null ? [] : environments.get(parent));
      environments.set(next, environment);
      scope = new Map(environment);
      stages.push(next);
    } else if (stage === undefined) {
      for (const { name, value } of given.pairs) if (value !== null) before.set(name, expand(value, before));
    } else {
      const expanded = expandAll(given.keyword === 'ARG' ? handedIn(given, before) : given, scope);
      stage.instructions.push(expanded);
      for (const { name, value } of expanded.pairs) {
        if (given.keyword === 'ENV') {
          environment.set(name, value ?? '');
          scope.set(name, value ?? '');
        } else if (!environment.has(name)) {
          if (value !== null) scope.set(name, value);
        }
      }
    }
  }
  return stages;
}

/** An ARG that names one from before the first FROM again, without a value, has the value from there. */
function handedIn(given: DockerInstruction, before: ReadonlyMap<string, string>): DockerInstruction {
  const pairs = given.pairs.map(({ name, value }) => ({ name, value: value ?? before.get(name) ?? null }));
  return { ...given, pairs };
}

/** RUN, CMD and ENTRYPOINT are expanded by a shell when they run, if at all. */
function expandAll(given: DockerInstruction, scope: ReadonlyMap<string, string>): DockerInstruction {
  const flags = given.flags.map(({ name, value }) => ({
    name,
    value: value === null ? null : expand(value, scope),
  }));
  if (['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'HEALTHCHECK'].includes(given.keyword))
    return { ...given, flags };
  return {
    ...given,
    flags,
    words: given.words.map((word) => expand(word, scope)),
    pairs: given.pairs.map(({ name, value }) => ({
      name,
      value: value === null ? null : expand(value, scope),
    })),
  };
}

/**
 * `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:+other}`, `${NAME:?message}`; a default may hold variables again. What is
 * not known stays as it is written.
 */
export function expand(text: string, values: ReadonlyMap<string, string>): string {
  let expanded = '';
  for (let at = 0; at < text.length;) {
    const whole = text.startsWith('\\$', at) ? '\\$' : variableAt(text, at);
    if (whole === '') expanded += text[at++] ?? '';
    else {
      expanded += whole === '\\$' ? '$' : valueOf(whole, values);
      at += whole.length;
    }
  }
  return expanded;
}

function valueOf(variable: string, values: ReadonlyMap<string, string>): string {
  const [, bare, name = bare ?? '', operator = '', word = ''] =
    /^\$(?:(\w+)|\{(\w+)(?:(:?[-+?])(.*))?\})$/s.exec(variable) ?? [];
  const value = values.get(name);
  const isSet = value !== undefined && (value !== '' || !operator.startsWith(':'));
  if (operator.endsWith('-')) return isSet ? value : expand(word, values);
  if (operator.endsWith('+')) return isSet ? expand(word, values) : '';
  return value ?? variable;
}

/** The `$NAME` or `${…}` that begins here, with all braces within it; '': none does. */
function variableAt(text: string, at: number): string {
  if (text[at] !== '$') return '';
  if (text[at + 1] !== '{') return /^\$\w+/.exec(text.slice(at))?.[0] ?? '';
  let depth = 0;
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '{') depth++;
    if (text[end] === '}' && --depth === 0) return text.slice(at, end + 1);
  }
  return '';
}
