// canary b928b5e8a8cb4067246167a1
import { expand } from '#suite';
import type { DockerInstruction, Dockerfile, Stage } from '#suite';
import { copyFromContext, copyFromStage } from './copy.ts';
import { isWithin, resolvePath, under } from './paths.ts';
import { commandsOf } from './shell.ts';
import { move, remove, runTool } from './tool.ts';
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
  /** Texts of all COPY and ADD instructions, likewise. */
  brought: string[];
  /** Folders that an instruction made. */
  folders: Set<string>;
  /** Values of ARG. */
  arguments: Map<string, string>;
  /** What lies in each cache of the builder, by its id or its place. */
  caches: Map<string, Map<string, Content>>;
  /** The image from outside that it all begins with. */
  base: string;
  /** Stages that files were taken from. */
  takes: Set<Stage>;
};

/** Builds all stages in thought, in order. */
export function buildAll(file: Dockerfile): Map<Stage, Image> {
  const images = new Map<Stage, Image>();
  const caches: Image['caches'] = new Map();
  for (const stage of file.stages) {
    const parent = stage.parent === null ? undefined : images.get(stage.parent);
    const image = parent === undefined ? emptyImage(stage.image, caches) : childOf(parent);
    for (const each of stage.instructions) apply(image, each, file, images);
    images.set(stage, image);
  }
  return images;
}

function emptyImage(base: string, caches: Image['caches']): Image {
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
    brought: [],
    folders: new Set(),
    arguments: new Map(),
    caches,
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
    brought: [...parent.brought],
    folders: new Set(parent.folders),
    arguments: new Map(),
    takes: new Set(parent.takes),
  };
}

function apply(image: Image, given: DockerInstruction, file: Dockerfile, images: Map<Stage, Image>): void {
  switch (given.keyword) {
    case 'WORKDIR':
      image.workdir = resolvePath(image.workdir, given.words[0] ?? '');
      image.folders.add(image.workdir);
      break;
    case 'USER':
      image.user = given.words[0] ?? '';
      break;
    case 'ENV':
      for (const { name, value } of given.pairs) image.environment.set(name, value ?? '');
      break;
    case 'ARG':
      for (const { name, value } of given.pairs) if (value !== null) image.arguments.set(name, value);
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
      run(image, given, file, images);
      break;
    default:
  }
  for (const content of image.files.values()) image.layers.add(content);
}

function copy(image: Image, given: DockerInstruction, file: Dockerfile, images: Map<Stage, Image>): void {
  image.brought.push(given.text);
  const from = given.flags.find(({ name }) => name === 'from')?.value ?? null;
  if (from === null) return copyFromContext(image, given);
  const stage = file.stage(from);
  const source = stage === null ? undefined : images.get(stage);
  if (stage?.instructions.includes(given))
    image.failures.push({ line: given.line, why: 'it copies from the stage that it is a part of' });
  // Files of an image from outside are none of the application's.
  if (stage === null || source === undefined) return;
  image.takes.add(stage);
  copyFromStage(image, given, source.files);
}

function run(image: Image, given: DockerInstruction, file: Dockerfile, images: Map<Stage, Image>): void {
  // A shell replaces the variables that the builder knows; what it sets itself is of no interest here.
  const known = new Map([...image.arguments, ...image.environment]);
  const commands = commandsIn(given).map(({ words, environment }): Command => {
    const values = [...environment].map(([name, value]): [string, string] => [name, expand(value, known)]);
    return { words: words.map((word) => expand(word, known)), environment: new Map(values) };
  });
  image.ran.push(expand(given.text, known));
  const environment = new Map(known);
  // Files that are there for this one instruction, and in no layer.
  const mounts = given.flags
    .filter(({ name, value }) => name === 'mount' && value !== null)
    .map(({ value }) => mountOf(expand(value ?? '', known), image, file, images));
  const mounted = new Map(mounts.flatMap(({ files }) => [...files]));
  const before = new Map(image.files);
  let folder = image.workdir;
  for (const command of commands) {
    const [name, ...rest] = command.words;
    if (command.words.length === 0)
      for (const [key, value] of command.environment) environment.set(key, value);
    if (name === 'cd') folder = resolvePath(folder, rest[0] ?? '/');
    else if (name === 'export') {
      for (const word of rest) {
        const [key = '', value = ''] = word.split('=', 2);
        environment.set(key, value);
      }
    } else if (name === 'mkdir') {
      for (const word of rest.filter((each) => !each.startsWith('-')))
        image.folders.add(resolvePath(folder, word));
    } else if (name === 'rm') remove(image, folder, rest);
    else if (name === 'cp' || name === 'mv')
      move(image, { folder, words: rest, away: name === 'mv', mounted });
    else runTool(image, { line: given.line, folder, name: name ?? '', rest, command, environment, mounted });
  }
  for (const each of mounts) unmount(image, each, before);
}

/** The commands of a RUN, those within `sh -c` too, without programs that only start another one. */
function commandsIn({ exec, text }: Pick<DockerInstruction, 'exec' | 'text'>): Command[] {
  const commands =
    exec === null ? commandsOf(text) : [{ words: exec, environment: new Map<string, string>() }];
  return commands.flatMap(({ words, environment }) => {
    let begin = 0;
    const own = new Map(environment);
    while (WRAPPERS.includes(words[begin] ?? '')) {
      begin++;
      for (; /^[A-Za-z_]\w*=/.test(words[begin] ?? ''); begin++) {
        const word = words[begin] ?? '';
        own.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
      }
    }
    const rest = words.slice(begin);
    const script =
      /^(\/bin\/)?(ba|a)?sh$/.test(rest[0] ?? '') && /^-\w*c$/.test(rest[1] ?? '') ? rest[2] : null;
    return typeof script === 'string'
      ? commandsIn({ exec: null, text: script })
      : [{ words: rest, environment: own }];
  });
}

const WRAPPERS: readonly string[] = ['exec', 'time', 'corepack', 'env', 'command'];

type Mount = { target: string; files: Map<string, Content>; isFolder: boolean; cache: string | null };

function mountOf(
  value: string,
  { workdir, caches }: Image,
  file: Dockerfile,
  images: Map<Stage, Image>,
): Mount {
  const options = new Map(value.split(',').map((each) => each.split('=', 2) as [string, string | undefined]));
  const type = options.get('type') ?? 'bind';
  const given = options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '.';
  const target = resolvePath(workdir, given);
  const mounted: Mount = {
    target,
    files: new Map(),
    isFolder: type !== 'secret' && type !== 'ssh',
    cache: null,
  };
  if (type === 'cache') {
    const cache = options.get('id') ?? target;
    // As a folder of its own, wherever it is mounted.
    for (const [path, content] of caches.get(cache) ?? []) mounted.files.set(under(target, path), content);
    return { ...mounted, cache };
  }
  if (type !== 'bind') return mounted;
  const words = [options.get('source') ?? options.get('src') ?? '.', target];
  const stage = file.stage(options.get('from') ?? '');
  const source = stage === null ? undefined : images.get(stage);
  const into = { files: mounted.files, workdir };
  if (source !== undefined) copyFromStage(into, { words, flags: [] }, source.files);
  else if (!options.has('from')) copyFromContext(into, { words, flags: [] });
  const isFile =
    mounted.files.has(target) && !['all', 'production'].includes(mounted.files.get(target) ?? '');
  return { ...mounted, isFolder: !isFile };
}

/** What was written into a mounted folder is in no layer; a cache keeps it for the next instruction. */
function unmount(
  image: Image,
  { target, isFolder, cache }: Mount,
  before: ReadonlyMap<string, Content>,
): void {
  if (!isFolder) return;
  const kept = new Map(cache === null ? [] : image.caches.get(cache));
  for (const [path, content] of image.files) {
    if (!isWithin(path, target)) continue;
    kept.set(path.slice(target.length).replace(/^\//, ''), content);
    const earlier = before.get(path);
    if (earlier === undefined) image.files.delete(path);
    else image.files.set(path, earlier);
  }
  if (cache !== null) image.caches.set(cache, kept);
}
