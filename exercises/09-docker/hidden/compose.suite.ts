// canary aabd1de296510740dfbfddf3
import { rule, step, Unmet } from '#suite';
import type { Dockerfile, Trial } from '#suite';
import { isPinned, majorOf, shortName } from './base.ts';
import { Compose, mapOf, textOf, wordsIn } from './compose.ts';
import type { Service } from './compose.ts';
import { buildAll } from './image.ts';
import type { Image } from './image.ts';
import { isWithin, resolvePath } from './paths.ts';
import { resolved } from './interpolate.ts';
import { addressOf } from './secret.ts';
import { argvOf, isAlwaysWell, startProblem } from './start.ts';

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
  await step(t, 'the names', async () => mustName(compose));
  await step(t, 'plain docker compose up', async () => {
    for (const name of ['api', 'worker', 'db', 'redis']) mustBeStarted(service(compose, name));
  });
  await step(t, 'the images', async () => {
    mustBuild(api, file);
    const isSame =
      worker.value['build'] === undefined &&
      worker.value['image'] !== undefined &&
      worker.value['image'] === api.value['image'];
    if (!isSame) mustBuild(worker, file);
    mustBeImage(service(compose, 'db'), ['postgres']);
    mustBeImage(service(compose, 'redis'), ['redis', 'valkey']);
    const db = service(compose, 'db');
    must(
      majorOf(db.image) === 17,
      'PostgreSQL 17, by the tag of its image',
      `${db.image} (${db.place('image')})`,
    );
  });
  await step(t, 'the database starts', async () => {
    const db = service(compose, 'db');
    // The official image ends at once when it is told none of these. What a file says, nobody sees here.
    const wanted = ['POSTGRES_PASSWORD', 'POSTGRES_PASSWORD_FILE', 'POSTGRES_HOST_AUTH_METHOD'];
    const isTold =
      wanted.some((name) => db.environment.has(name)) ||
      db.value['env_file'] !== undefined ||
      db.value['entrypoint'] !== undefined;
    must(
      isTold,
      'POSTGRES_PASSWORD in the environment of db: without it the image does not start',
      `it is not there (${db.place('environment')})`,
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

/** Compose starts nothing when a name leads nowhere. */
function mustName(compose: Compose): void {
  for (const each of compose.services) {
    const lost = (kind: 'networks' | 'volumes' | 'secrets' | 'configs', names: readonly string[]): void => {
      const name = names.find((one) => !compose.isDeclared(kind, one));
      must(
        name === undefined,
        `${name} under ${kind} at the end of the file: ${each.name} uses it`,
        `it is not declared (${each.place(kind)})`,
      );
    };
    lost(
      'networks',
      each.networks.filter((name) => name !== 'default'),
    );
    const named = each.volumes.filter(({ type, source }) => type === 'volume' && /^[\w.-]+$/.test(source));
    lost(
      'volumes',
      named.map(({ source }) => source),
    );
    lost('secrets', each.uses('secrets'));
    lost('configs', each.uses('configs'));
    const missing = [...each.waitsFor.keys()].find((name) => compose.service(name) === null);
    must(
      missing === undefined,
      `a service ${missing}: ${each.name} waits for it`,
      `there is none (${each.place('depends_on')})`,
    );
  }
}

function mustBeStarted(each: Service): void {
  const { profiles, scale, deploy } = each.value;
  must(
    !Array.isArray(profiles) || profiles.length === 0,
    `${each.name} started by plain "docker compose up"`,
    `it waits for a profile (${each.place('profiles')})`,
  );
  must(
    scale !== 0 && mapOf(deploy)['replicas'] !== 0,
    `${each.name} started at least once`,
    `it is started 0 times (${each.place(scale === 0 ? 'scale' : 'deploy')})`,
  );
}

function mustBuild(each: Service, file: Dockerfile): void {
  const build = each.value['build'];
  const context = typeof build === 'string' ? build : mapOf(build)['context'];
  const { dockerfile, target, dockerfile_inline: inline } = mapOf(build);
  const at = `${JSON.stringify(build ?? null)} (${each.place('build')})`;
  // Without a context it is the folder of the file.
  const isHere = build !== undefined && build !== null && isFolder(resolved(textOf(context ?? '.')));
  const isOurs = dockerfile === undefined || resolvePath('/', resolved(textOf(dockerfile))) === '/Dockerfile';
  must(isHere && isOurs && inline === undefined, `${each.name} built from the Dockerfile of this folder`, at);
  const aim = target === undefined ? file.last : file.stage(resolved(textOf(target)));
  must(aim !== null && aim === file.last, 'the last stage of the Dockerfile', at);
}

function isFolder(context: string): boolean {
  return !context.startsWith('/') && !context.includes('..') && resolvePath('/', context) === '/';
}

function mustBeImage(each: Service, names: readonly string[]): void {
  const { image } = each;
  must(
    names.includes(shortName(image)),
    `an image ${names.join(' or ')} for ${each.name}`,
    image === '' ? 'none' : `${image} (${each.place('image')})`,
  );
}

/** What Compose makes of a command: a text is split into words, without a shell. */
function mustStart(image: Image, each: Service, script: string): void {
  const entrypoint = wordsIn(each.value['entrypoint']);
  const command = wordsIn(each.value['command']);
  const started = argvOf(image, { entrypoint, command });
  if (started === null)
    throw new Unmet({ expected: `${each.name} starts node`, got: 'the image starts a shell' });
  const folder = each.value['working_dir'];
  const workdir = folder === undefined ? image.workdir : resolvePath(image.workdir, resolved(textOf(folder)));
  const problem = startProblem({ ...image, workdir }, started, script);
  must(
    problem === null,
    `a container ${each.name} that starts node with the compiled ${script}`,
    `it ${problem} (${each.place(command === null ? 'entrypoint' : 'command')})`,
  );
}

const SCHEMES: Readonly<Record<string, RegExp>> = {
  DATABASE_URL: /^postgres(ql)?$/,
  REDIS_URL: /^(rediss?|valkeys?)$/,
};

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
  const address = addressOf(resolved(value));
  const shown = value.replace(/:\/\/[^@]*@/, '://…@');
  must(
    address !== null && SCHEMES[wanted.name]?.test(address.scheme) === true,
    wanted.name === 'DATABASE_URL' ? 'an address postgres://…' : 'an address redis://…',
    `${shown} (${at})`,
  );
  must(
    address?.host === wanted.host,
    `the host ${wanted.host}: the name of the service is its name on the network`,
    `${shown} (${at})`,
  );
  const port = address?.port ?? '';
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
    const folder = resolvePath('/', resolved(db.environment.get('PGDATA') ?? DATA));
    // The image makes a volume without a name at DATA: one above it would stay empty.
    const volume = db.volumes.find(({ target }) => {
      const at = resolvePath('/', target);
      return isWithin(folder, at) && (!isWithin(folder, DATA) || isWithin(at, DATA));
    });
    must(
      volume !== undefined,
      `a volume at ${folder}`,
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
    const at = `${test} (${db.place('healthcheck', 'test')})`;
    must(asksPostgres(given['test']), 'a test that asks PostgreSQL: pg_isready, or psql', at);
    must(!isAlwaysWell(test), 'a test that can fail', at);
  });
  for (const name of ['api', 'worker']) {
    await step(t, `${name} waits`, async () => {
      const each = service(compose, name);
      const condition = each.waitsFor.get('db') ?? 'not at all';
      must(
        waits(compose, each),
        `${name} waits until db is healthy`,
        `${condition} (${each.place('depends_on')})`,
      );
    });
  }
});

/** A list says what it is: CMD and the words of a command, or CMD-SHELL and a text for a shell. */
function asksPostgres(test: unknown): boolean {
  if (typeof test === 'string') return /\b(pg_isready|psql)\b/.test(test);
  const [form, ...rest] = wordsIn(test) ?? [];
  if (form === 'CMD-SHELL') return /\b(pg_isready|psql)\b/.test(rest[0] ?? '');
  if (form !== 'CMD') return false;
  const isShell = /(^|\/)(ba|a)?sh$/.test(rest[0] ?? '');
  return isShell
    ? /\b(pg_isready|psql)\b/.test(rest.join(' '))
    : /(^|\/)(pg_isready|psql)$/.test(rest[0] ?? '');
}

/** Whether it starts only after db was healthy, because it waits for that itself or for somebody who does. */
function waits(compose: Compose, each: Service, seen: readonly string[] = []): boolean {
  if (each.waitsFor.get('db') === 'service_healthy') return true;
  return [...each.waitsFor.keys()].some((name) => {
    const other = seen.includes(name) ? null : compose.service(name);
    return other !== null && waits(compose, other, [...seen, name]);
  });
}

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

rule('R15', async (t) => {
  const compose = await read(t);
  for (const name of ['api', 'worker', 'db', 'redis']) {
    await step(t, name, async () => {
      const each = service(compose, name);
      const deploy = mapOf(each.value['deploy']);
      const policy = deploy['restart_policy'];
      const condition = policy === undefined ? 'no' : (mapOf(policy)['condition'] ?? 'any');
      const restart = resolved(textOf(each.value['restart'] ?? (condition === 'any' ? 'always' : condition)));
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
      const { image } = each;
      must(isPinned(image), 'a tag with a version, or a digest', `${image} (${each.place('image')})`);
    });
  }
});
