// canary 0318968966d9c42fb100324f
import type { Content, Image } from './image.ts';
import { isWithin, resolvePath, under } from './paths.ts';
import type { Command } from './shell.ts';

/** A command of a RUN, with what it meets. */
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

/** Commands of npm that the rules ask about, or that take words of their own. */
const KNOWN: readonly string[] =
  'run run-script rum urn exec x prune config cache pkg audit version uninstall rebuild test t start ls view link fund dedupe set get'
    .split(' ')
    .concat(INSTALLS, CLEAN);

/** `npm --prefix X ci`: the folder, and the words from the command on. */
function ofNpm(folder: string, rest: readonly string[]): { folder: string; rest: string[] } {
  const at = rest.findIndex((word) => /^(--prefix|-C)(=|$)/.test(word));
  const hasValue = rest[at]?.includes('=') === true;
  const prefix = at < 0 ? '.' : hasValue ? (rest[at]?.split('=')[1] ?? '') : (rest[at + 1] ?? '');
  const others = at < 0 ? [...rest] : rest.toSpliced(at, hasValue ? 1 : 2);
  const command = others.findIndex((word) => KNOWN.includes(word));
  return {
    folder: resolvePath(folder, prefix),
    rest: command <= 0 ? others : [others[command] ?? '', ...others.toSpliced(command, 1)],
  };
}

export function runTool(image: Image, given: ToolRun): void {
  const ran = given.name === 'npm' ? { ...given, ...ofNpm(given.folder, given.rest) } : given;
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
  } else if (name === 'npm' && /^(config )?set (--\S+ )*omit[= ]dev$/.test(rest.join(' ')))
    image.environment.set('NPM_CONFIG_OMIT', 'dev');
  else if (isBuild(name, rest)) build(image, ran);
}

/** `npm run build`, `node --run build`, or the compiler itself. */
function isBuild(name: string, rest: readonly string[]): boolean {
  const words = rest.filter((word) => !word.startsWith('-'));
  if (rest.some((word) => /^--(noEmit|version|init|showConfig)$/.test(word))) return false;
  if (name === 'npm' && /^(exec|x)$/.test(words[0] ?? '')) return words.includes('tsc');
  if (name === 'npm') return /^(run|run-script|rum|urn)$/.test(words[0] ?? '') && words[1] === 'build';
  if (name === 'node') return isRun(rest) || /(^|\/)typescript\/bin\/tsc$/.test(words[0] ?? '');
  if (name === 'npx') return words.includes('tsc');
  return name === 'tsc' || /(^|\/)node_modules\/(\.bin|typescript\/bin)\/tsc$/.test(name);
}

function isRun(rest: readonly string[]): boolean {
  return rest.includes('--run=build') || rest[rest.indexOf('--run') + 1] === 'build';
}

function build(image: Image, { line, folder, rest, mounted }: ToolRun): void {
  const has = (name: string, content: Content): boolean =>
    image.files.get(under(folder, name)) === content || mounted.get(under(folder, name)) === content;
  const fail = (why: string): void => void image.failures.push({ line, why });
  if (!has('node_modules', 'all'))
    return fail(`the compiler is a dev dependency, and it is not installed in ${folder}`);
  if (!has('tsconfig.json', 'compiler options')) return fail(`there is no tsconfig.json in ${folder}`);
  if (!has('package.json', 'manifest')) return fail(`there is no package.json in ${folder}`);
  if (!has('app/server.ts', 'source')) return fail(`there is no app/server.ts in ${folder}`);
  const at = rest.findIndex((word) => /^--outdir(=|$)/i.test(word));
  const out = at < 0 ? 'dist' : (rest[at]?.split('=')[1] ?? rest[at + 1] ?? 'dist');
  for (const each of ['config.js', 'server.js', 'worker.js'])
    image.files.set(under(resolvePath(folder, out), each), 'built');
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

export function remove(image: Image, folder: string, words: readonly string[]): void {
  for (const word of words.filter((each) => !each.startsWith('-'))) {
    const path = resolvePath(folder, word);
    for (const file of image.files.keys()) if (isWithin(file, path)) image.files.delete(file);
  }
}

type Move = {
  folder: string;
  words: readonly string[];
  away: boolean;
  mounted: ReadonlyMap<string, Content>;
};

export function move(image: Image, { folder, words, away, mounted }: Move): void {
  const paths = words.filter((each) => !each.startsWith('-')).map((each) => resolvePath(folder, each));
  const target = paths.pop();
  if (target === undefined) return;
  const isFolder =
    image.folders.has(target) ||
    [...image.files.keys()].some((file) => file !== target && isWithin(file, target));
  for (const [at, path] of paths.entries()) {
    const moved = [...image.files, ...mounted].filter(([file]) => isWithin(file, path));
    // `dist/.` is what is in it.
    const isContent = words.filter((each) => !each.startsWith('-'))[at]?.endsWith('/.') === true;
    const into = !isContent && (isFolder || paths.length > 1);
    for (const [file, content] of moved) {
      const below = file.slice(path.length);
      image.files.set(into ? `${target}/${path.split('/').pop()}${below}` : `${target}${below}`, content);
      if (away) image.files.delete(file);
    }
  }
}
