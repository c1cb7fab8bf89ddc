// canary 06a47e1922309a3c37c66259
import { ancestry, rule, step, Unmet } from '#suite';
import type { Dockerfile, Stage, Trial } from '#suite';
import { baseOf } from './base.ts';
import { Compose, textOf } from './compose.ts';
import type { Service } from './compose.ts';
import { buildAll } from './image.ts';
import type { Image } from './image.ts';
import { resolved } from './interpolate.ts';
import { isSecret, isVariable, passwordIn } from './secret.ts';
import { commandsOf } from './shell.ts';
import { healthProblem, modulesFor, startOf, startProblem, userProblem } from './start.ts';

const FILE = 'src/Dockerfile';
const IGNORE = 'src/.dockerignore';

function must(holds: boolean, expected: string, got: string): void {
  if (!holds) throw new Unmet({ expected, got });
}

type Read = { file: Dockerfile; images: Map<Stage, Image>; stage: Stage; image: Image };

async function read(t: Trial): Promise<Read> {
  const file = await t.dockerfile(FILE);
  const images = buildAll(file);
  const stage = file.last;
  const image = stage === null ? undefined : images.get(stage);
  if (stage === null || image === undefined) throw new Unmet({ expected: 'a FROM instruction', got: 'none' });
  return { file, images, stage, image };
}

rule('R1', async (t) => {
  const { file, stage } = await read(t);
  const [first] = ancestry(stage);
  await step(t, 'the image that runs', async () => {
    const { image, line } = first ?? stage;
    const { kind, major } = baseOf(image);
    const at = `FROM ${image} (${file.place({ line })})`;
    must(kind !== 'other', 'an image of Node.js: node, or distroless/nodejs24-debian…', at);
    must(major === 24, 'a tag that begins with 24, the version that package.json asks for', at);
  });
  await step(t, 'the version of every image', async () => {
    for (const { image, line, parent } of file.stages) {
      if (parent !== null || image === 'scratch') continue;
      const { kind, major, isPinned } = baseOf(image);
      const at = `FROM ${image} (${file.place({ line })})`;
      must(isPinned, 'a tag with a version, or a digest', at);
      must(kind === 'other' || major === 24, 'Node.js 24 in every stage', at);
    }
  });
});

rule('R2', async (t) => {
  const { file, images } = await read(t);
  const all = [...images.values()];
  const installs = all.flatMap((image) => image.installs);
  await step(t, 'npm ci', async () => {
    must(installs.length > 0, 'a RUN instruction with npm ci', 'none');
    const other = installs.find(({ isCi }) => !isCi);
    must(other === undefined, 'npm ci, which installs what the lock file says', found(file, other));
    const missing = all
      .flatMap((image) => image.failures)
      .find(({ why }) => /package(-lock)?\.json/.test(why));
    must(
      missing === undefined,
      'package.json and package-lock.json before npm ci',
      `${file.place(missing ?? { line: 1 })}: ${missing?.why}`,
    );
  });
  await step(t, 'the sources after the install', async () => {
    const early = installs.find(({ sourceAt }) => sourceAt !== null);
    must(
      early === undefined,
      'the files of app/ copied after npm ci, so that a changed line does not install everything again',
      `${found(file, early)}, with ${early?.sourceAt} there already`,
    );
  });
});

function found(file: Dockerfile, install: { line: number; command: string } | undefined): string {
  return install === undefined ? '' : `${install.command} (${file.place(install)})`;
}

rule('R3', async (t) => {
  const { file, images, stage, image } = await read(t);
  await step(t, 'the build', async () => {
    for (const each of images.values()) {
      const [failure] = each.failures;
      must(
        failure === undefined,
        'a build that succeeds',
        `${file.place(failure ?? { line: 1 })}: ${failure?.why}`,
      );
    }
    const isBuilt = [...images.values()].some((each) => [...each.files.values()].includes('built'));
    must(isBuilt, 'a RUN instruction with npm run build', 'nothing writes dist/');
  });
  await step(t, 'what the last stage holds', async () => {
    must(file.stages.length > 1, 'at least two stages', 'one');
    const here = `the last stage (${file.place(stage)})`;
    for (const script of ['server.js', 'worker.js']) {
      const isThere = [...image.files].some(
        ([path, content]) => content === 'built' && path.endsWith(`/${script}`),
      );
      must(isThere, `the compiled ${script}`, `${here} does not have it`);
      must(
        modulesFor(image, script),
        'the dependencies in node_modules beside the program, or above it',
        `${here} does not have them`,
      );
    }
  });
  await step(t, 'what the last stage does not hold', async () => {
    const here = `the last stage (${file.place(stage)})`;
    must(
      !image.layers.has('all'),
      'the dependencies without those for development',
      `${here} has all of them in a layer`,
    );
    must(!image.layers.has('source'), 'no TypeScript sources', `${here} has files of app/ in a layer`);
  });
});

rule('R4', async (t) => {
  const { image } = await read(t);
  await step(t, 'the user of the image', async () => {
    const problem = userProblem(image);
    must(problem === null, 'a USER that is not root', problem ?? '');
  });
  await step(t, 'the user in compose.yaml', async () => {
    const compose = await composeOf(t);
    for (const name of ['api', 'worker']) {
      const each = compose?.service(name) ?? null;
      const user = each?.value['user'];
      const isRoot = user !== undefined && /^(0+|root)(:|$)/.test(resolved(textOf(user)));
      must(!isRoot, `${name} not started as root`, `user: ${textOf(user)} (${each?.place('user')})`);
    }
  });
});

/** The Compose file; null: there is none, or none that can be read, which is for other rules to say. */
async function composeOf(t: Trial): Promise<Compose | null> {
  if ((await t.file('src/compose.yaml')) === null) return null;
  try {
    return new Compose(await t.yaml('src/compose.yaml'));
  } catch (error) {
    if (error instanceof Unmet) return null;
    throw error;
  }
}

rule('R5', async (t) => {
  const { file, image } = await read(t);
  await step(t, 'the exec form', async () => {
    const start = startOf(image);
    if ('shell' in start)
      throw new Unmet({
        expected: 'the exec form, a JSON list such as ["node", "…"]',
        got: `${start.shell} (${file.place(start)}), which a shell starts`,
      });
  });
  await step(t, 'node itself', async () => {
    const start = startOf(image);
    const problem = 'argv' in start ? startProblem(image, start.argv, 'server.js') : null;
    must(problem === null, 'a container that starts node with the compiled server.js', `it ${problem}`);
  });
});

const KEPT = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'app/config.ts',
  'app/server.ts',
  'app/worker.ts',
];
const LEFT_OUT: readonly (readonly [string, readonly string[]])[] = [
  ['node_modules', ['node_modules/express/index.js', 'node_modules/.package-lock.json']],
  ['.git', ['.git/config', '.git/objects/5b/0e1d']],
  ['.env and .env.*', ['.env', '.env.local', '.env.production']],
  ['log files', ['npm-debug.log', 'orders.log']],
];

rule('R6', async (t) => {
  const paths = [...KEPT, ...LEFT_OUT.flatMap(([, each]) => each)];
  const answers = await t.ignored(IGNORE, paths);
  const isLeftOut = (path: string): boolean => answers[paths.indexOf(path)] === true;
  await step(t, 'what the build needs', async () => {
    const lost = KEPT.filter(isLeftOut);
    must(
      lost.length === 0,
      'the files of the application in the build context',
      `left out: ${lost.join(', ')}`,
    );
  });
  for (const [what, each] of LEFT_OUT) {
    await step(t, what, async () => {
      const sent = each.filter((path) => !isLeftOut(path));
      must(sent.length === 0, `${what} left out of the build context`, `sent: ${sent.join(', ')}`);
    });
  }
});

rule('R7', async (t) => {
  const { file } = await read(t);
  const all = file.stages.flatMap(({ instructions }) => instructions);
  await step(t, 'ENV and ARG', async () => {
    for (const each of all.filter(({ keyword }) => keyword === 'ENV' || keyword === 'ARG')) {
      for (const { name, value } of each.pairs) {
        const at = `${each.keyword} ${name} (${file.place(each)})`;
        const isArgument = each.keyword === 'ARG' && isSecret(name);
        must(!isArgument, 'no build argument for a secret: the history of the image shows it', at);
        must(!isSecret(name) || (value ?? '') === '', 'no value for a secret', at);
        const password = passwordIn(value ?? '');
        must(password === null || password === '', 'no password in an address', at);
      }
    }
  });
  await step(t, 'RUN', async () => {
    for (const each of all.filter(({ keyword }) => keyword === 'RUN')) {
      const at = file.place(each);
      const commands =
        each.exec === null ? commandsOf(each.text) : [{ environment: new Map(), words: each.exec }];
      for (const { environment, words } of commands) {
        const pairs = [...environment, ...words.map((word) => word.split('=', 2) as [string, string?])];
        const bad = pairs.find(([name, value]) => isSecret(name) && value !== undefined && !isRead(value));
        must(bad === undefined, 'no value for a secret', `${bad?.[0]} (${at})`);
        const password = words.map(passwordIn).find((given) => given !== null && !isRead(given));
        must(password === undefined, 'no password in an address', at);
      }
      must(tokenIn(each.text) === null, 'no token of npm', `${tokenIn(each.text)} (${at})`);
    }
  });
  await step(t, 'here-documents', async () => {
    for (const each of all) {
      for (const line of each.documents.flatMap((text) => text.split('\n'))) {
        const [, name = '', value = ''] = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
        const bare = value.trim().replace(/^(["'])(.*)\1$/, '$2');
        must(!isSecret(name) || isRead(bare), 'no value for a secret', `${name} (${file.place(each)})`);
        must(tokenIn(line) === null, 'no token of npm', `${tokenIn(line)} (${file.place(each)})`);
      }
    }
  });
  await step(t, 'COPY and ADD', async () => {
    for (const each of all.filter(({ keyword }) => /^(COPY|ADD)$/.test(keyword))) {
      const sources = each.words.slice(0, -1);
      const secret = sources.find((word) =>
        /(^|\/)(\.env($|[.*?])|\.npmrc$|id_(rsa|ed25519|ecdsa)$|[^/]*\.(pem|key)$)/.test(word),
      );
      must(secret === undefined, 'no file with secrets in the image', `${secret} (${file.place(each)})`);
      const password = sources.map(passwordIn).find((given) => given !== null && !isRead(given));
      must(password === undefined, 'no password in an address', file.place(each));
    }
  });
});

/** What npm logs in with, and a value behind it; null: there is none. */
function tokenIn(text: string): string | null {
  const found = /(_authToken|_auth|_password)["' =]+([^\s"']+)/.exec(text);
  return found === null || isRead(found[2] ?? '') ? null : (found[1] ?? null);
}

/** Read when the instruction runs, from a variable or from a mounted secret. */
function isRead(value: string): boolean {
  return isVariable(value) || value.startsWith('$(') || value.startsWith('`');
}

rule('R12', async (t) => {
  const { file, image } = await read(t);
  const api = (await composeOf(t))?.service('api') ?? null;
  const given = api?.value['healthcheck'];
  const inCompose =
    typeof given === 'object' && given !== null ? (given as { test?: unknown; disable?: unknown }) : null;
  await step(t, 'a health check', async () => {
    must(inCompose?.disable !== true, 'a health check for api', 'compose.yaml switches it off');
    const isThere =
      inCompose?.test !== undefined ||
      (image.healthcheck !== null && !/^NONE$/i.test(image.healthcheck.words[0] ?? ''));
    must(isThere, 'HEALTHCHECK in the Dockerfile, or healthcheck for api in compose.yaml', 'neither');
  });
  await step(t, 'what it asks, and with what', async () => {
    const inComposeHealth = healthOf(inCompose?.test);
    const place =
      inComposeHealth === null
        ? file.place(image.healthcheck ?? { line: 1 })
        : (api?.place('healthcheck') ?? '');
    const health = inComposeHealth ?? fromInstruction(image);
    const problem =
      health === 'none' ? 'it is switched off' : healthProblem(image, health, portOf(image, api));
    must(
      problem === null,
      'a check that asks /healthz with a tool that the image has, and fails when the answer is not a success',
      `${problem} (${place})`,
    );
  });
});

/** Where the API listens; null: a file that is not looked into may say so. */
function portOf(image: Image, api: Service | null): string | null {
  const set = api?.environment.get('PORT');
  if (set === null || (set === undefined && api?.value['env_file'] !== undefined)) return null;
  const port = resolved(set ?? image.environment.get('PORT') ?? '3000');
  return /^\d+$/.test(port) ? port : null;
}

type Health = Parameters<typeof healthProblem>[1];

function healthOf(test: unknown): Health | 'none' | null {
  if (typeof test === 'string') return { exec: null, text: test };
  if (!Array.isArray(test)) return null;
  const words = test.map(String);
  if (words[0] === 'NONE') return 'none';
  return words[0] === 'CMD' ? { exec: words.slice(1), text: '' } : { exec: null, text: words[1] ?? '' };
}

function fromInstruction(image: Image): Health {
  const text = (image.healthcheck?.text ?? '').replace(/^\s*CMD\s+/i, '');
  try {
    const exec: unknown = JSON.parse(text);
    if (Array.isArray(exec)) return { exec: exec.map(String), text };
  } catch {
    // A shell form.
  }
  return { exec: null, text };
}

rule('R17', async (t) => {
  const { image } = await read(t);
  await step(t, 'NODE_ENV in the image that runs', async () => {
    const value = image.environment.get('NODE_ENV');
    must(
      value === 'production',
      'ENV NODE_ENV=production in the last stage',
      value === undefined ? 'it is not set' : `it is ${value}`,
    );
  });
});
