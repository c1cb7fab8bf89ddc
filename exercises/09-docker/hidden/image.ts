// canary b928b5e8a8cb4067246167a1
import type { DockerInstruction, Dockerfile, Stage } from '#suite';
import { copyFromContext, copyFromStage } from './copy.ts';
import { isWithin, resolvePath, under } from './paths.ts';
import { commandsOf } from './shell.ts';
import type { Command } from './shell.ts';

/** What a path of an image holds, as far as rules ask. `all` and `production`: a folder node_modules. */
export type Content = 'manifest' | 'lock' | 'compiler options' | 'source' | 'built' | 'all' | 'production';

/** The install of dependencies by a RUN instruction. */
export type Install = {
  line: number;
  command: string;
  isCi: boolean;
  /** Sources of the application that were there by then, or null. */
  sourceAt: string | null;
};

/** Something that makes the build fail. */
export type Failure = { line: number; why: string };

/** A stage, built in thought. */
export type Image = {
  files: Map<string, Content>;
  /** What lies in any layer, even if a later one hides it. */
  layers: Set<Content>;
  workdir: string;
  user: string | null;
  environment: Map<string, string>;
  entrypoint: DockerInstruction | null;
  command: DockerInstruction | null;
  healthcheck: DockerInstruction | null;
  installs: Install[];
  failures: Failure[];
  /** Texts of all RUN instructions, of the stages that this one builds on too. */
  ran: string[];
  /** The image from outside that it all begins with. */
  base: string;
  /** Stages that files were taken from. */
  takes: Set<Stage>;
};

/** Builds all stages in thought, in order. */
export function buildAll(file: Dockerfile): Map<Stage, Image> {
  const images = new Map<Stage, Image>();
  for (const stage of file.stages) {
    const parent = stage.parent === null ? undefined : images.get(stage.parent);
    const image = parent === undefined ? emptyImage(stage.image) : childOf(parent);
    for (const each of stage.instructions) apply(image, each, file, images);
    images.set(stage, image);
  }
  return images;
}

function emptyImage(base: string): Image {
  return {
    files: new Map(),
    layers: new Set(),
    workdir: '/',
    user: null,
    environment: new Map(),
    entrypoint: null,
    command: null,
    healthcheck: null,
    installs: [],
    failures: [],
    ran: [],
    base,
    takes: new Set(),
  };
}

function childOf(parent: Image): Image {
  return {
    ...parent,
    files: new Map(parent.files),
    layers: new Set(parent.layers),
    environment: new Map(parent.environment),
    installs: [],
    failures: [],
    ran: [...parent.ran],
    takes: new Set(parent.takes),
  };
}

function apply(image: Image, given: DockerInstruction, file: Dockerfile, images: Map<Stage, Image>): void {
  switch (given.keyword) {
    case 'WORKDIR':
      image.workdir = resolvePath(image.workdir, given.words[0] ?? '');
      break;
    case 'USER':
      image.user = given.words[0] ?? '';
      break;
    case 'ENV':
      for (const { name, value } of given.pairs) image.environment.set(name, value ?? '');
      break;
    case 'ENTRYPOINT':
      image.entrypoint = given;
      // One of its own makes nothing of a CMD that came with the image below.
      image.command = null;
      break;
    case 'CMD':
      image.command = given;
      break;
    case 'HEALTHCHECK':
      image.healthcheck = given;
      break;
    case 'COPY':
    case 'ADD':
      copy(image, given, file, images);
      break;
    case 'RUN':
      run(image, given);
      break;
    default:
  }
  for (const content of image.files.values()) image.layers.add(content);
}

function copy(image: Image, given: DockerInstruction, file: Dockerfile, images: Map<Stage, Image>): void {
  const from = given.flags.find(({ name }) => name === 'from')?.value ?? null;
  if (from === null) return copyFromContext(image, given);
  const stage = file.stage(from);
  const source = stage === null ? undefined : images.get(stage);
  // Files of an image from outside are none of the application's.
  if (stage === null || source === undefined) return;
  image.takes.add(stage);
  copyFromStage(image, given, source.files);
}

function run(image: Image, given: DockerInstruction): void {
  image.ran.push(given.text);
  const commands =
    given.exec === null
      ? commandsOf(given.text)
      : [{ words: given.exec, environment: new Map<string, string>() }];
  const environment = new Map(image.environment);
  // Files that are there for this one instruction, and in no layer.
  const mounted = new Map<string, Content>();
  for (const { name, value } of given.flags)
    if (name === 'mount' && value !== null) mount(mounted, value, image.workdir);
  let folder = image.workdir;
  for (const command of commands) {
    const [name, ...rest] = withoutWrapper(command.words);
    for (const [key, value] of command.environment)
      if (command.words.length === 0) environment.set(key, value);
    if (name === 'cd') folder = resolvePath(folder, rest[0] ?? '/');
    else if (name === 'export') {
      for (const word of rest) {
        const [key = '', value = ''] = word.split('=', 2);
        environment.set(key, value);
      }
    } else if (name === 'rm') remove(image, folder, rest);
    else if (name === 'cp' || name === 'mv') move(image, folder, rest, name === 'mv');
    else runTool(image, { line: given.line, folder, name: name ?? '', rest, command, environment, mounted });
  }
}

function withoutWrapper(words: string[]): string[] {
  return words[0] === 'exec' || words[0] === 'time' || words[0] === 'corepack' ? words.slice(1) : words;
}

function mount(mounted: Map<string, Content>, value: string, workdir: string): void {
  const options = new Map(value.split(',').map((each) => each.split('=', 2) as [string, string | undefined]));
  if ((options.get('type') ?? 'bind') !== 'bind' || options.has('from')) return;
  const target = options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '.';
  const source = options.get('source') ?? options.get('src') ?? '.';
  const image = { files: mounted, workdir };
  const isFile = /\.[a-z]+$/.test(source) && source !== '.';
  copyFromContext(image, { words: [source, isFile ? target : `${target}/`], flags: [] });
}

type ToolRun = {
  line: number;
  folder: string;
  name: string;
  rest: string[];
  command: Command;
  environment: ReadonlyMap<string, string>;
  mounted: ReadonlyMap<string, Content>;
};

const INSTALLS: readonly string[] = ['install', 'i', 'add', 'in', 'ins', 'isntall', 'update', 'up'];
const CLEAN: readonly string[] = ['ci', 'clean-install', 'ic', 'install-clean', 'isntall-clean'];

function runTool(image: Image, ran: ToolRun): void {
  const { name, rest, folder, line, mounted } = ran;
  const there = (path: string): Content | undefined => image.files.get(path) ?? mounted.get(path);
  const words = rest.filter((word) => !word.startsWith('-'));
  const modules = under(folder, 'node_modules');
  const production = leavesDevOut(ran);
  const install = (isCi: boolean): void => {
    const source = [...image.files, ...mounted].find(([, content]) => content === 'source')?.[0] ?? null;
    image.installs.push({ line, command: [name, ...rest].join(' '), isCi, sourceAt: source });
    if (there(under(folder, 'package.json')) === undefined)
      image.failures.push({
        line,
        why: `there is no package.json in ${folder} when the dependencies are installed`,
      });
    else if (isCi && there(under(folder, 'package-lock.json')) === undefined)
      image.failures.push({ line, why: `npm ci finds no package-lock.json in ${folder}` });
    else image.files.set(modules, production ? 'production' : 'all');
  };
  const isGlobal = rest.includes('-g') || rest.includes('--global') || rest.includes('--location=global');
  if (['yarn', 'pnpm', 'bun'].includes(name)) {
    if (words.length === 0 || INSTALLS.includes(words[0] ?? '')) install(false);
  } else if (name === 'npm' && CLEAN.includes(words[0] ?? '')) install(true);
  else if (name === 'npm' && INSTALLS.includes(words[0] ?? '')) {
    if (!isGlobal) install(false);
  } else if (name === 'npm' && words[0] === 'prune') {
    if (image.files.has(modules) && production) image.files.set(modules, 'production');
  } else if (isBuild(name, rest)) build(image, ran);
}

/** `npm run build`, `node --run build`, or the compiler itself. */
function isBuild(name: string, rest: readonly string[]): boolean {
  const words = rest.filter((word) => !word.startsWith('-'));
  if (name === 'npm') return /^(run|run-script|rum|urn)$/.test(words[0] ?? '') && words[1] === 'build';
  if (name === 'node') return rest.includes('--run') && words.includes('build');
  if (name === 'npx') return words.includes('tsc');
  return name === 'tsc' || /(^|\/)node_modules\/\.bin\/tsc$/.test(name);
}

function build(image: Image, { line, folder, mounted }: ToolRun): void {
  const has = (name: string, content: Content): boolean =>
    image.files.get(under(folder, name)) === content || mounted.get(under(folder, name)) === content;
  const fail = (why: string): void => void image.failures.push({ line, why });
  if (!has('node_modules', 'all'))
    return fail(`the compiler is a dev dependency, and it is not installed in ${folder}`);
  if (!has('tsconfig.json', 'compiler options')) return fail(`there is no tsconfig.json in ${folder}`);
  if (!has('package.json', 'manifest')) return fail(`there is no package.json in ${folder}`);
  if (!has('app/server.ts', 'source')) return fail(`there is no app/server.ts in ${folder}`);
  for (const each of ['config.js', 'server.js', 'worker.js'])
    image.files.set(under(folder, `dist/${each}`), 'built');
}

function leavesDevOut({ rest, command, environment }: ToolRun): boolean {
  const text = rest.join(' ');
  if (/--include[= ]dev\b|--(production|prod)=false|--no-production/.test(text)) return false;
  if (/--omit[= ](["']?)dev\b|--production\b|--prod\b|--only[= ]prod(uction)?\b/.test(text)) return true;
  const omit =
    command.environment.get('NPM_CONFIG_OMIT') ??
    environment.get('NPM_CONFIG_OMIT') ??
    environment.get('npm_config_omit');
  if (omit === 'dev') return true;
  return (command.environment.get('NODE_ENV') ?? environment.get('NODE_ENV')) === 'production';
}

function remove(image: Image, folder: string, words: readonly string[]): void {
  for (const word of words.filter((each) => !each.startsWith('-'))) {
    const path = resolvePath(folder, word);
    for (const file of image.files.keys()) if (isWithin(file, path)) image.files.delete(file);
  }
}

function move(image: Image, folder: string, words: readonly string[], away: boolean): void {
  const paths = words.filter((each) => !each.startsWith('-')).map((each) => resolvePath(folder, each));
  const target = paths.pop();
  if (target === undefined) return;
  for (const path of paths) {
    const moved = [...image.files].filter(([file]) => isWithin(file, path));
    const into =
      [...image.files.keys()].some((file) => file !== target && isWithin(file, target)) || paths.length > 1;
    for (const [file, content] of moved) {
      const below = file.slice(path.length);
      image.files.set(into ? `${target}/${path.split('/').pop()}${below}` : `${target}${below}`, content);
      if (away) image.files.delete(file);
    }
  }
}
