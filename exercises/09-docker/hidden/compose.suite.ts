// canary aabd1de296510740dfbfddf3
import { rule, step, Unmet } from '#suite';
import type { Trial } from '#suite';
import { isPinned, majorOf, shortName } from './base.ts';
import { Compose, mapOf, pairsOf, textOf, textsIn } from './compose.ts';
import type { Service } from './compose.ts';
import { buildAll } from './image.ts';
import type { Image } from './image.ts';
import { resolvePath } from './paths.ts';
import { isSecret, isVariable, passwordIn, variablesIn } from './secret.ts';
import { wordsOf } from './shell.ts';
import { startProblem } from './start.ts';

const FILE = 'src/compose.yaml';
const DATA = '/var/lib/postgresql/data';

function must(holds: boolean, expected: string, got: string): void {
  if (!holds) throw new Unmet({ expected, got });
}

async function read(t: Trial): Promise<Compose> {
  return new Compose(await t.mustBeCompose(FILE));
}

function service(compose: Compose, name: string): Service {
  const found = compose.service(name);
  if (found === null)
    throw new Unmet({
      expected: `a service ${name}`,
      got: `services: ${compose.services.map((each) => each.name).join(', ')}`,
    });
  return found;
}

rule('R8', async (t) => {
  const compose = await read(t);
  const file = await t.dockerfile('src/Dockerfile');
  const api = service(compose, 'api');
  const worker = service(compose, 'worker');
  await step(t, 'the images', async () => {
    mustBuild(api, file.last?.name ?? null);
    const isSame =
      worker.value['build'] === undefined &&
      worker.value['image'] !== undefined &&
      worker.value['image'] === api.value['image'];
    if (!isSame) mustBuild(worker, file.last?.name ?? null);
    mustBeImage(service(compose, 'db'), ['postgres']);
    mustBeImage(service(compose, 'redis'), ['redis', 'valkey']);
    const db = service(compose, 'db');
    must(
      majorOf(textOf(db.value['image'])) === 17,
      'PostgreSQL 17',
      `${textOf(db.value['image'])} (${db.place('image')})`,
    );
  });
  await step(t, 'the command of worker', async () => {
    const image = file.last === null ? undefined : buildAll(file).get(file.last);
    if (image === undefined) throw new Unmet({ expected: 'a FROM instruction', got: 'none' });
    must(
      worker.value['command'] !== undefined || worker.value['entrypoint'] !== undefined,
      'a command that starts the worker',
      `none (${worker.place()})`,
    );
    mustStart(image, worker, 'worker.js');
    if (api.value['command'] !== undefined || api.value['entrypoint'] !== undefined)
      mustStart(image, api, 'server.js');
  });
  for (const each of [api, worker]) {
    await step(t, `the addresses that ${each.name} is given`, async () => {
      mustReach(compose, each, { name: 'DATABASE_URL', host: 'db', port: 5432 });
      mustReach(compose, each, { name: 'REDIS_URL', host: 'redis', port: 6379 });
      const secret = each.environment.has('SESSION_SECRET') || each.value['env_file'] !== undefined;
      must(secret, 'SESSION_SECRET in the environment', `it is not there (${each.place('environment')})`);
    });
  }
});

function mustBuild(each: Service, last: string | null): void {
  const build = each.value['build'];
  const context = typeof build === 'string' ? build : mapOf(build)['context'];
  const { dockerfile, target } = mapOf(build);
  const at = `${JSON.stringify(build ?? null)} (${each.place('build')})`;
  const isHere = context !== undefined && resolvePath('/', textOf(context)) === '/';
  must(
    isHere && (dockerfile === undefined || resolvePath('/', textOf(dockerfile)) === '/Dockerfile'),
    `${each.name} built from the Dockerfile of this folder`,
    at,
  );
  must(target === undefined || textOf(target).toLowerCase() === last, 'the last stage of the Dockerfile', at);
}

function mustBeImage(each: Service, names: readonly string[]): void {
  const image = textOf(each.value['image']);
  must(
    names.includes(shortName(image)),
    `an image ${names.join(' or ')} for ${each.name}`,
    image === '' ? 'none' : `${image} (${each.place('image')})`,
  );
}

/** What Compose makes of a command: a text is split into words, without a shell. */
function mustStart(image: Image, each: Service, script: string): void {
  const entrypoint = argvOf(each.value['entrypoint']);
  const command = argvOf(each.value['command']);
  const own = entrypoint === null ? image.entrypoint : null;
  if (own !== null && own.exec === null)
    throw new Unmet({ expected: `${each.name} starts node`, got: 'the image starts a shell' });
  // An entry point of its own makes nothing of the command that the image has.
  const inherited = entrypoint === null ? (image.command?.exec ?? []) : [];
  const argv = [...(entrypoint ?? own?.exec ?? []), ...(command ?? inherited)];
  const problem = startProblem(entrypoint === null ? image : { ...image, entrypoint: null }, argv, script);
  must(
    problem === null,
    `a container ${each.name} that starts node with the compiled ${script}`,
    `it ${problem} (${each.place('command')})`,
  );
}

function argvOf(given: unknown): string[] | null {
  if (Array.isArray(given)) return given.map(textOf);
  return typeof given === 'string' ? wordsOf(given) : null;
}

function mustReach(
  compose: Compose,
  each: Service,
  wanted: { name: string; host: string; port: number },
): void {
  const value = each.environment.get(wanted.name);
  const at = each.place('environment', wanted.name);
  if (value === undefined || value === null)
    throw new Unmet({
      expected: `${wanted.name} in the environment of ${each.name}`,
      got: `it is not there (${at})`,
    });
  const address =
    /^[a-z][a-z0-9+.-]*:\/\/(?:(?:\$\{[^}]*\}|[^/?#@])*@)?(\[[^\]]*\]|[^/?#:]*)(?::([^/?#]*))?/i.exec(value);
  const shown = value.replace(/:\/\/[^@]*@/, '://…@');
  must(
    address?.[1] === wanted.host,
    `the host ${wanted.host}: the name of the service is its name on the network`,
    `${shown} (${at})`,
  );
  const port = address?.[2] ?? '';
  must(
    port === '' || Number(port) === wanted.port,
    `the port ${wanted.port}, which ${wanted.host} listens on in its container`,
    `${shown} (${at})`,
  );
  const shares = each.networks.some((name) => service(compose, wanted.host).networks.includes(name));
  must(
    shares,
    `a network that ${each.name} and ${wanted.host} are both on`,
    `${each.name}: ${each.networks.join(', ')} (${each.place('networks')})`,
  );
}

rule('R9', async (t) => {
  const compose = await read(t);
  const db = service(compose, 'db');
  await step(t, 'the data of db', async () => {
    const volume = db.volumes.find(({ target }) => resolvePath('/', target) === DATA);
    must(
      volume !== undefined,
      `a volume at ${DATA}`,
      db.volumes.map(({ target }) => target).join(', ') || 'none',
    );
    const at = db.place('volumes', volume?.at ?? 0);
    must(
      volume?.type === 'volume' && volume.source !== '',
      'a named volume',
      `${volume?.type} ${volume?.source} (${at})`,
    );
    must(
      compose.isDeclared('volumes', volume?.source ?? ''),
      `${volume?.source} under volumes at the end of the file`,
      'it is not declared',
    );
  });
  await step(t, 'the health of db', async () => {
    const given = mapOf(db.value['healthcheck']);
    const test = Array.isArray(given['test']) ? given['test'].map(textOf).join(' ') : textOf(given['test']);
    const isOn = given['disable'] !== true && test !== '' && !/^NONE\b/.test(test);
    must(isOn, 'a healthcheck of db', `none (${db.place('healthcheck')})`);
    must(
      /\b(pg_isready|psql)\b/.test(test),
      'a test that asks PostgreSQL: pg_isready, or psql',
      `${test} (${db.place('healthcheck', 'test')})`,
    );
  });
  for (const name of ['api', 'worker']) {
    await step(t, `${name} waits`, async () => {
      const each = service(compose, name);
      const condition = each.waitsFor.get('db') ?? 'not at all';
      must(
        condition === 'service_healthy',
        `${name} waits until db is healthy`,
        `${condition} (${each.place('depends_on')})`,
      );
    });
  }
});

rule('R10', async (t) => {
  const compose = await read(t);
  for (const each of compose.services) {
    await step(t, `the environment of ${each.name}`, async () => {
      const build = pairsOf(mapOf(each.value['build'])['args']);
      for (const [name, value] of [...each.environment, ...build]) {
        if (value === null) continue;
        const at = each.place('environment', name);
        must(
          !isSecret(name) || isVariable(value),
          `${name} from a variable, such as \${${name}:?}`,
          `a value, or a default, in the file (${at})`,
        );
        const password = passwordIn(value);
        must(
          password === null || isVariable(password),
          `the password in ${name} from a variable`,
          `a value, or a default, in the file (${at})`,
        );
      }
    });
  }
  await step(t, 'the commands', async () => {
    for (const each of compose.services) {
      const argv = [...(argvOf(each.value['command']) ?? []), ...(argvOf(each.value['entrypoint']) ?? [])];
      const at = argv.findIndex((word) => /^--(requirepass|password|pass)(=|$)/.test(word));
      const value =
        at < 0
          ? ''
          : argv[at]?.includes('=')
            ? argv[at].slice(argv[at].indexOf('=') + 1)
            : (argv[at + 1] ?? '');
      must(isVariable(value), 'a password from a variable', `${argv[at]} (${each.place('command')})`);
    }
  });
});

rule('R11', async (t) => {
  const compose = await read(t);
  for (const name of ['db', 'redis']) {
    await step(t, `the ports of ${name}`, async () => {
      const each = service(compose, name);
      must(
        each.value['network_mode'] !== 'host',
        `${name} in a network of its own`,
        `network_mode: host (${each.place('network_mode')})`,
      );
      const open = each.ports.find(
        ({ host }) => host === null || !/^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host),
      );
      must(
        open === undefined,
        `no port of ${name} published, or on 127.0.0.1 only`,
        `${open?.text} (${each.place('ports')})`,
      );
    });
  }
});

rule('R13', async (t) => {
  const compose = await read(t);
  for (const name of ['db', 'redis']) {
    await step(t, `the networks of ${name}`, async () => {
      const each = service(compose, name);
      const open = each.networks.find((network) => !compose.isInternal(network));
      must(
        open === undefined && each.networks.length > 0,
        `${name} on internal networks only`,
        `${open ?? 'none'} (${each.place('networks')})`,
      );
    });
  }
  await step(t, 'the networks of api', async () => {
    const api = service(compose, 'api');
    const isOpen = api.networks.some((network) => !compose.isInternal(network));
    must(
      isOpen,
      'api on a network that is not internal as well, or nobody could reach it',
      `${api.networks.join(', ')} (${api.place('networks')})`,
    );
  });
});

rule('R14', async (t) => {
  const compose = await read(t);
  const text = (await t.file('src/env.example')) ?? '';
  const listed = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/.exec(line);
    if (found?.[1] !== undefined)
      listed.set(found[1], (found[2] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2'));
  }
  await step(t, 'every variable', async () => {
    const asked = textsIn(compose.yaml.value).flatMap(({ text: each }) => variablesIn(each));
    const passed = compose.services.flatMap(({ environment }) =>
      [...environment].filter(([, value]) => value === null).map(([name]) => ({ name, isOptional: false })),
    );
    const needed = [
      ...new Set([...asked, ...passed].filter(({ isOptional }) => !isOptional).map(({ name }) => name)),
    ];
    must(needed.length > 0, 'variables in compose.yaml', 'none');
    const missing = needed.filter((name) => !listed.has(name));
    must(
      missing.length === 0,
      'a line NAME= in env.example for every variable of compose.yaml',
      `missing: ${missing.join(', ')}`,
    );
  });
  await step(t, 'no real secret', async () => {
    for (const [name, value] of listed) {
      const bare = value.replace(/\s+#.*$/, '').trim();
      const isBlank = bare === '' || bare.startsWith('#') || /^change-?me$/i.test(bare);
      must(!isSecret(name) || isBlank, `${name}= with nothing behind it, or change-me`, 'another value');
      const password = passwordIn(bare);
      must(
        password === null || password === '' || /^change-?me$/i.test(password) || isVariable(password),
        `no password in ${name}`,
        'there is one',
      );
    }
  });
});

rule('R15', async (t) => {
  const compose = await read(t);
  for (const name of ['api', 'worker', 'db', 'redis']) {
    await step(t, name, async () => {
      const each = service(compose, name);
      const deploy = mapOf(each.value['deploy']);
      const condition = mapOf(deploy['restart_policy'])['condition'];
      const restart = textOf(each.value['restart'] ?? (condition === 'any' ? 'always' : (condition ?? 'no')));
      must(
        /^(always|unless-stopped|on-failure(:\d+)?)$/.test(restart),
        'a restart policy',
        `restart: ${restart} (${each.place('restart')})`,
      );
      const memory = each.value['mem_limit'] ?? mapOf(mapOf(deploy['resources'])['limits'])['memory'];
      must(
        memory !== undefined && !/^0[a-z]*$/i.test(textOf(memory)),
        'a memory limit',
        `none (${each.place()})`,
      );
    });
  }
});

rule('R16', async (t) => {
  const compose = await read(t);
  for (const name of ['db', 'redis']) {
    await step(t, `the image of ${name}`, async () => {
      const each = service(compose, name);
      const image = textOf(each.value['image']);
      must(isPinned(image), 'a tag with a version, or a digest', `${image} (${each.place('image')})`);
    });
  }
});
