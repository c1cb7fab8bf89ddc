import { describe, expect, test } from 'vitest';
import { usage } from './command.ts';
import type { Command, Input } from './command.ts';
import { width } from '../verdict/layout.ts';
import { run, temporaryRoot } from './testing/fake-context.ts';

/** Keeps what it was given. */
function command(): Command & { given: Input[] } {
  const given: Input[] = [];
  return {
    given,
    name: 'brew',
    summary: 'Make tea.',
    positionals: [
      { name: 'KIND', help: 'Green or black.' },
      { name: '[CUPS]', help: 'How many. Without it: one.' },
    ],
    options: {
      json: { help: 'Print the recipe as JSON.' },
      strength: { value: 'N', short: 's', help: `How strong. ${'It is a matter of taste. '.repeat(5)}` },
    },
    examples: [['npm run brew green', 'one cup']],
    notes: ['It ends with 0.'],
    run: (input) => {
      given.push(input);
      return Promise.resolve(0);
    },
  };
}

async function brew(...argv: string[]) {
  const tea = command();
  const ran = await run(tea, temporaryRoot(), argv);
  return { ...ran, given: tea.given[0] ?? null };
}

describe('a command line', () => {
  test('is taken apart into words, switches and values', async () => {
    const { code, given } = await brew('green', '--json', '2', '--strength=-1');
    expect(code).toBe(0);
    expect(given?.positionals).toEqual(['green', '2']);
    expect(given?.flag('json')).toBe(true);
    expect(given?.value('strength')).toBe('-1');
  });

  test('may give an option again: the last value counts, or all of them in order', async () => {
    const { given } = await brew('green', '--strength', '1', '-s', '2');
    expect(given?.value('strength')).toBe('2');
    expect(given?.values('strength')).toEqual(['1', '2']);
  });

  test('without options has no switch set and no value', async () => {
    const { given } = await brew('green');
    expect(given?.flag('json')).toBe(false);
    expect(given?.value('strength')).toBeNull();
    expect(given?.values('strength')).toEqual([]);
  });

  test('takes the last value, a short name, and words after two dashes as they are', async () => {
    const { given } = await brew('-s', '1', '--strength', '2', '--', '--json', 'x');
    expect(given?.value('strength')).toBe('2');
    expect(given?.positionals).toEqual(['--json', 'x']);
  });

  test('that asks for an undefined option is a bug of the command', async () => {
    const { given } = await brew('green');
    expect(() => given?.flag('strength')).toThrow('--strength is not defined as a switch');
    expect(() => given?.value('json')).toThrow('--json is not defined as an option with a value');
  });

  test.each([
    [['green', '--jsn'], 'There is no option --jsn. Did you mean --json?'],
    [['green', '--colour'], 'There is no option --colour.'],
    [['green', '-x'], 'There is no option -x.'],
    [['green', '--toString'], 'There is no option --toString.'],
    [['green', '--json=1'], '--json takes no value.'],
    [['green', '--strength'], '--strength needs a value: --strength N'],
    [['green', '--strength='], '--strength needs a value: --strength N'],
    [['green', '--strength', '--json'], '--strength needs a value: --strength N'],
    [['green', '2', 'now'], 'There is one word too many: now'],
    [[], 'A word is missing: npm run brew KIND [CUPS]'],
    [['green', '--\u001b[2J'], 'There is no option --\\x1b[2J.'],
    [['green', '2', '\u001b[2J'], 'There is one word too many: \\x1b[2J'],
  ])('that is wrong is answered on stderr with exit code 2: %j', async (argv, said) => {
    expect(await brew(...argv)).toEqual({
      code: 2,
      out: '',
      err: `${said}\nRun \`npm run brew -- --help\` to see what there is.\n`,
      given: null,
    });
  });
});

describe('the help', () => {
  test('is printed on stdout, whatever else is missing', async () => {
    for (const flag of ['--help', '-h']) {
      const { code, out, err, given } = await brew(flag);
      expect({ code, err, given }).toEqual({ code: 0, err: '', given: null });
      expect(out).toBe(usage(command(), 80));
    }
  });

  test('is made from the definition', () => {
    expect(usage(command(), 60)).toBe(`Make tea.

Usage: npm run brew KIND [CUPS]
       npm run brew -- KIND [CUPS] [options]

  KIND              Green or black.
  [CUPS]            How many. Without it: one.
  --json            Print the recipe as JSON.
  -s, --strength N  How strong. It is a matter of taste. It
                    is a matter of taste. It is a matter of
                    taste. It is a matter of taste. It is a
                    matter of taste.
  -h, --help        Show this help.

Examples:
  npm run brew green
      one cup

It ends with 0.
`);
  });

  test('of a command that needs options does not show it without', () => {
    const help = usage({ ...command(), needsOptions: true }, 60);
    expect(help).toContain('\nUsage: npm run brew -- KIND [CUPS] options\n\n');
    expect(help).not.toContain('Usage: npm run brew KIND');
  });

  test.each([50, 80, 200])('fits a terminal of %d columns', (columns) => {
    const widest = Math.max(...usage(command(), columns).split('\n').map(width));
    expect(widest).toBeLessThanOrEqual(Math.min(columns, 100));
  });
});

test('an option that npm kept for itself stops the command', async () => {
  const tea = command();
  const ran = await run(tea, temporaryRoot(), ['green'], {
    env: { npm_lifecycle_event: 'brew', npm_config_json: 'true' },
  });
  expect(ran.code).toBe(2);
  expect(ran.err).toContain('npm run brew -- green --json');
  expect(tea.given).toEqual([]);
});

test('what the command returns is the exit code', async () => {
  const locked: Command = { ...command(), positionals: [], run: () => Promise.resolve(3) };
  expect((await run(locked, temporaryRoot(), [])).code).toBe(3);
});
