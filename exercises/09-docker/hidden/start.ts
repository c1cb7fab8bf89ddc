// canary 004a485bfc1385729c2291ed
import { baseOf } from './base.ts';
import type { Image } from './image.ts';
import { isWithin, resolvePath } from './paths.ts';
import { commandsOf } from './shell.ts';

/** Programs that start another one and hand signals on to it. */
const INITS: readonly string[] = ['tini', 'dumb-init', 'catatonit'];
/** Options of node that take the next word. */
const WITH_VALUE: readonly string[] = [
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
];

/** What a container starts. `null`: all is well; else what is wrong, as the end of a sentence that begins with "it". */
export function startProblem(image: Image, argv: readonly string[], script: string): string | null {
  if (argv.length === 0) return 'starts nothing: there is neither CMD nor ENTRYPOINT';
  const rest = [...argv];
  while (INITS.includes(nameOf(rest[0]))) {
    const init = nameOf(rest.shift());
    if (!image.ran.some((text) => text.includes(init)))
      return `starts ${init}, which nothing puts into the image`;
    while (rest[0]?.startsWith('-') === true) if (rest.shift() === '--') break;
  }
  const program = rest[0] ?? '';
  if (nameOf(program) === 'node' || nameOf(program) === 'nodejs') rest.shift();
  else if (!isScriptForNode(image, program))
    return `starts ${JSON.stringify(argv.join(' '))}, and not node itself`;
  while (rest[0]?.startsWith('-') === true) if (WITH_VALUE.includes(rest.shift() ?? '')) rest.shift();
  const file = rest[0];
  if (file === undefined) return 'starts node without a file';
  const path = [resolvePath(image.workdir, file), resolvePath(image.workdir, `${file}.js`)].find((each) =>
    image.files.has(each),
  );
  if (path === undefined)
    return `starts ${file}, which is not in the image at ${resolvePath(image.workdir, file)}`;
  if (nameOf(path) !== script) return `starts ${file}, and not ${script}`;
  return null;
}

/** The entry point of Node's own images hands what is no program to node; that of distroless is node. */
function isScriptForNode(image: Image, program: string): boolean {
  if (!program.endsWith('.js')) return false;
  const { kind } = baseOf(image.base);
  return image.entrypoint === null ? kind !== 'other' : nameOf(image.entrypoint.exec?.at(-1)) === 'node';
}

function nameOf(path: string | undefined): string {
  return path?.split('/').pop() ?? '';
}

/** The words that a container starts; a shell form is a problem of its own. */
export function startOf(image: Image): { argv: string[] } | { shell: string; line: number } {
  for (const each of [image.entrypoint, image.command])
    if (each !== null && each.exec === null) return { shell: each.text, line: each.line };
  return { argv: [...(image.entrypoint?.exec ?? []), ...(image.command?.exec ?? [])] };
}

/** Who the container runs as. Null: somebody who is not root; else what is wrong. */
export function userProblem(image: Image): string | null {
  const { kind } = baseOf(image.base);
  const isNonroot = kind === 'distroless' && /:(debug-)?nonroot/.test(image.base);
  if (image.user === null) return isNonroot ? null : 'no USER instruction: the container runs as root';
  const [user = ''] = image.user.split(':');
  if (/^\d+$/.test(user)) return Number(user) === 0 ? `USER ${image.user} is root` : null;
  if (user === 'root' || user === '') return `USER ${image.user} is root`;
  if ((kind === 'node' && user === 'node') || (kind === 'distroless' && user === 'nonroot')) return null;
  const made = image.ran.some((text) =>
    commandsOf(text).some(
      ({ words }) => /^(useradd|adduser)$/.test(nameOf(words[0])) && words.includes(user),
    ),
  );
  return made ? null : `USER ${user}, and nothing makes a user of that name`;
}

const BUILT_IN: readonly string[] = [
  'exit',
  'test',
  '[',
  '[[',
  'true',
  'false',
  'echo',
  'set',
  'exec',
  ':',
  '!',
];
const BROUGHT: Readonly<Record<ReturnType<typeof baseOf>['variant'], readonly string[]>> = {
  alpine: ['node', 'npm', 'npx', 'wget', 'sh', 'grep', 'nc', 'cat', 'ash'],
  slim: ['node', 'npm', 'npx', 'sh', 'grep', 'bash', 'cat'],
  full: ['node', 'npm', 'npx', 'sh', 'grep', 'bash', 'curl', 'wget', 'cat'],
  distroless: ['node'],
};

/** A health check, from the image or from Compose. `exec` null: a shell runs the text. */
export type Health = { exec: readonly string[] | null; text: string };

/** What is wrong with a health check in this image; null: nothing. */
export function healthProblem(image: Image, { exec, text }: Health): string | null {
  const { variant } = baseOf(image.base);
  const words = exec === null ? [] : withoutShell(exec);
  if (exec === null && variant === 'distroless') return 'it needs a shell, and this image has none';
  const commands =
    exec === null || typeof words === 'string'
      ? commandsOf(typeof words === 'string' ? words : text)
      : [{ words }];
  for (const { words: each } of commands) {
    const tool = nameOf(each[0] === '!' || each[0] === 'exec' ? each[1] : each[0]);
    if (BUILT_IN.includes(tool) || tool === '') continue;
    const isThere = BROUGHT[variant].includes(tool) || (tool === 'nodejs' && variant === 'distroless');
    if (!isThere && !installs(image, tool)) return `${tool} is not in ${image.base}`;
    if (tool === 'curl' && !each.some((word) => /^-[a-zA-Z]*f|^--fail/.test(word)))
      return 'curl is content with any answer, also a 500, unless it is told to fail (-f)';
    const script = each.join(' ');
    if (tool === 'node' && !/\bok\b|status|exit/i.test(script))
      return 'nothing looks at the status of the answer';
  }
  const all = exec === null ? text : exec.join(' ');
  return all.includes('/healthz') ? null : 'it does not ask /healthz';
}

/** `["sh", "-c", "…"]` is the text behind it. */
function withoutShell(exec: readonly string[]): string[] | string {
  const [shell, flag, text] = exec;
  if (
    /^(sh|bash|ash)$/.test(nameOf(shell)) &&
    flag?.startsWith('-') === true &&
    flag.includes('c') &&
    text !== undefined
  )
    return text;
  return [...exec];
}

function installs(image: Image, tool: string): boolean {
  return image.ran.some((text) =>
    commandsOf(text).some(
      ({ words }) =>
        /^(apk|apt|apt-get|npm)$/.test(nameOf(words[0])) && words.some((word) => word.split('=')[0] === tool),
    ),
  );
}

/** Whether Node finds the production dependencies from a file. */
export function modulesFor(image: Image, script: string): boolean {
  const built = [...image.files].find(
    ([path, content]) => content === 'built' && path.endsWith(`/${script}`),
  )?.[0];
  if (built === undefined) return false;
  return [...image.files].some(
    ([path, content]) =>
      (content === 'production' || content === 'all') &&
      path.endsWith('/node_modules') &&
      isWithin(built, path.slice(0, -'/node_modules'.length) || '/'),
  );
}
