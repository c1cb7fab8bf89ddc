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

/** Options of an init that take the next word. */
const INIT_WITH_VALUE: readonly string[] = ['-e', '-p', '-r', '--rewrite'];

/** What a container starts. `null`: all is well; else what is wrong, as the end of a sentence that begins with "it". */
export function startProblem(image: Image, argv: readonly string[], script: string): string | null {
  const rest = [...argv];
  let isHanded = false;
  for (;;) {
    const name = nameOf(rest[0]);
    if (INITS.includes(name)) {
      rest.shift();
      if (![...image.ran, ...image.brought].some((text) => text.includes(name)))
        return `starts ${name}, which nothing puts into the image`;
      while (rest[0]?.startsWith('-') === true) {
        const option = rest.shift() ?? '';
        if (option === '--') break;
        if (INIT_WITH_VALUE.includes(option)) rest.shift();
      }
    } else if (name === HANDS_ON && baseOf(image.base).kind === 'node') {
      rest.shift();
      isHanded = true;
    } else break;
  }
  if (rest.length === 0) return 'starts nothing: there is neither CMD nor ENTRYPOINT';
  const program = rest[0] ?? '';
  if (nameOf(program) === 'node' || nameOf(program) === 'nodejs') rest.shift();
  // The entry point of Node's own images hands what is no program to node.
  else if (!isHanded || !/^-|\.[cm]?js$/.test(program))
    return `starts ${JSON.stringify(rest.join(' '))}, and not node itself`;
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

function nameOf(path: string | undefined): string {
  return path?.split('/').pop() ?? '';
}

/** The entry point of Node's own images: it starts what it is given, and node with what is no program. */
const HANDS_ON = 'docker-entrypoint.sh';

/**
 * The words that a container starts, with what Compose puts in place of the image's own (null: nothing). An entry point
 * makes nothing of the command that came with the one it replaces. Null: a shell starts it.
 */
export function argvOf(
  image: Image,
  own: { entrypoint: readonly string[] | null; command: readonly string[] | null },
): string[] | null {
  if (own.entrypoint !== null) return [...own.entrypoint, ...(own.command ?? [])];
  const entrypoint = image.entrypoint === null ? brought(image) : image.entrypoint.exec;
  const command = own.command ?? (image.command === null ? [] : image.command.exec);
  return entrypoint === null || command === null ? null : [...entrypoint, ...command];
}

/** The entry point that an image from outside has. */
function brought({ base }: Image): string[] {
  const { kind } = baseOf(base);
  return kind === 'node' ? [HANDS_ON] : kind === 'distroless' ? ['node'] : [];
}

/** The words that a container starts; a shell form is a problem of its own. */
export function startOf(image: Image): { argv: string[] } | { shell: string; line: number } {
  for (const each of [image.entrypoint, image.command])
    if (each !== null && each.exec === null) return { shell: each.text, line: each.line };
  return { argv: argvOf(image, { entrypoint: null, command: null }) ?? [] };
}

/** Who the container runs as. Null: somebody who is not root; else what is wrong. */
export function userProblem(image: Image): string | null {
  const { kind } = baseOf(image.base);
  const isNonroot = kind === 'distroless' && /:(debug-)?nonroot/.test(image.base);
  if (image.user === null) return isNonroot ? null : 'no USER instruction: the container runs as root';
  const [user = ''] = image.user.split(':');
  if (/^\d+$/.test(user)) return Number(user) === 0 ? `USER ${image.user} is root` : null;
  if (user === 'root' || user === '') return `USER ${image.user} is root`;
  if (
    user === 'nobody' ||
    (kind === 'node' && user === 'node') ||
    (kind === 'distroless' && user === 'nonroot')
  )
    return null;
  // A list of users that was made elsewhere.
  if ([...image.ran, ...image.brought].some((text) => text.includes('/etc/passwd'))) return null;
  const made = image.ran.some((text) =>
    commandsOf(text).some(
      ({ words }) => /^(useradd|adduser)$/.test(nameOf(words[0])) && words.includes(user),
    ),
  );
  return made ? null : `USER ${user}, and nothing makes a user of that name`;
}

const BUILT_IN: readonly string[] = [
  'exit',
  'cd',
  'export',
  'printf',
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
const EVERYWHERE = [
  'env',
  'timeout',
  'sleep',
  'head',
  'tail',
  'cut',
  'tr',
  'sed',
  'awk',
  'date',
  'kill',
] as const;
const BROUGHT: Readonly<Record<ReturnType<typeof baseOf>['variant'], readonly string[]>> = {
  alpine: [...EVERYWHERE, 'node', 'npm', 'npx', 'wget', 'sh', 'grep', 'nc', 'cat', 'ash'],
  slim: [...EVERYWHERE, 'node', 'npm', 'npx', 'sh', 'grep', 'bash', 'cat'],
  full: [...EVERYWHERE, 'node', 'npm', 'npx', 'sh', 'grep', 'bash', 'curl', 'wget', 'cat'],
  distroless: ['node'],
};

/** A health check, from the image or from Compose. `exec` null: a shell runs the text. */
export type Health = { exec: readonly string[] | null; text: string };

/** What is wrong with a health check in this image; null: nothing. `port`: the API listens there; null: nobody knows. */
export function healthProblem(image: Image, { exec, text }: Health, port: string | null): string | null {
  const { variant } = baseOf(image.base);
  const words = exec === null ? text : withoutShell(exec);
  if (typeof words === 'string' && variant === 'distroless')
    return 'it needs a shell, and this image has none';
  const commands = typeof words === 'string' ? commandsOf(words) : [{ words }];
  for (const { words: each } of commands) {
    const tool =
      each
        .map(nameOf)
        .find((word) => !['exec', 'env', 'timeout', '!'].includes(word) && !/^[\d.]+[ms]?$/.test(word)) ?? '';
    if (BUILT_IN.includes(tool) || tool === '') continue;
    const isThere = BROUGHT[variant].includes(tool) || (tool === 'nodejs' && variant === 'distroless');
    if (!isThere && !installs(image, tool)) return `${tool} is not in ${image.base}`;
    const script = each.join(' ');
    const fails = /(^|\s)-[a-zA-Z]*f|--fail/.test(script) || /http_code|response_code/.test(script);
    if (tool === 'curl' && !fails)
      return 'curl is content with any answer, also a 500, unless it is told to fail (-f)';
    if (tool === 'node' && !/\bok\b|status|exit/i.test(script))
      return 'nothing looks at the status of the answer';
  }
  const all = exec === null ? text : exec.join(' ');
  if (!all.includes('/healthz')) return 'it does not ask /healthz';
  if (typeof words === 'string' && isAlwaysWell(words)) return 'it ends well whatever happens';
  const asked = /https?:\/\/(?:[\w.-]+|\[[\da-f:]+\])(?::(\d+))?\/healthz/i.exec(all);
  const wrong = asked !== null && port !== null && (asked[1] ?? '80') !== port;
  return wrong ? `it asks port ${asked[1] ?? '80'}, and the API listens on ${port}` : null;
}

/** Whether a text for a shell ends with success even when its command failed. */
export function isAlwaysWell(text: string): boolean {
  return /(\|\||;)\s*(true|:|exit\s+0|echo\b[^;|&]*)\s*;?\s*$/.test(text);
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
