// canary 43637f9fa5881b6c34e39b0c
import { rule, step, Unmet } from '#suite';
import type { Trial } from '#suite';
import { Compose, mapOf, pairsOf, textOf, textsIn, wordsIn } from './compose.ts';
import { variablesIn } from './interpolate.ts';
import { isSecret, isVariable, passwordIn } from './secret.ts';
import { wordsOf } from './shell.ts';

function must(holds: boolean, expected: string, got: string): void {
  if (!holds) throw new Unmet({ expected, got });
}

async function read(t: Trial): Promise<Compose> {
  return new Compose(await t.mustBeCompose('src/compose.yaml'));
}

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
      for (const key of ['command', 'entrypoint', 'healthcheck']) {
        const given = key === 'healthcheck' ? mapOf(each.value[key])['test'] : each.value[key];
        const literal = secretAmong((wordsIn(given) ?? []).flatMap((word) => [word, ...inner(word)]));
        must(literal === null, 'a password from a variable', `${literal} (${each.place(key)})`);
      }
    }
  });
});

/** The words of a text for a shell within a command. */
function inner(word: string): string[] {
  return /\s/.test(word) ? wordsOf(word) : [];
}

/** The first word that a value of a secret follows, or holds; null: none. */
function secretAmong(words: readonly string[]): string | null {
  const isClient = words.some((word) => /(^|\/)(redis|valkey)-cli$/.test(word));
  for (const [at, word] of words.entries()) {
    const [, name = '', equals, value = ''] = /^([\w-]+)(=)(.*)$/s.exec(word) ?? [];
    const option = equals === undefined ? word : name;
    const isOption =
      /^--(requirepass|masterauth|password|pass)$/.test(option) || (option === '-a' && isClient);
    const given = equals === undefined ? (words[at + 1] ?? '') : value;
    if (isOption && !isFromOutside(given)) return option;
    if (equals !== undefined && isSecret(name) && !isFromOutside(value)) return name;
    const password = passwordIn(word);
    if (password !== null && !isFromOutside(password)) return 'an address';
  }
  return null;
}

/** A variable of Compose, or of a shell in the container. */
function isFromOutside(value: string): boolean {
  return isVariable(value) || /^\$\$(\w+|\{\w+\}|\(.*\))$/s.test(value);
}

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
    // What the application needs and Compose takes from this file alone.
    const read = compose.services.some(
      ({ name, environment, value }) =>
        ['api', 'worker'].includes(name) &&
        !environment.has('SESSION_SECRET') &&
        JSON.stringify(value['env_file'] ?? '').includes('".env"'),
    );
    if (read) asked.push({ name: 'SESSION_SECRET', isOptional: false });
    for (const each of Object.values(mapOf(compose.yaml.at('secrets')))) {
      const { environment: name } = mapOf(each);
      if (name !== undefined) asked.push({ name: textOf(name), isOptional: false });
    }
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
