import { expect, test } from 'vitest';
import { swallowedByNpm } from './npm-flags.ts';

const CHECK = {
  name: 'check',
  positionals: [
    { name: '[ID]', help: '' },
    { name: '[RULE]', help: '' },
  ],
  options: {
    json: { help: '' },
    all: { help: '' },
    from: { help: '', value: 'DIR' },
    'dry-run': { help: '' },
    'no-install': { help: '' },
  },
};

function swallowed(argv: string[], env: Record<string, string>): string | null {
  return swallowedByNpm(CHECK, argv, { npm_lifecycle_event: 'check', ...env });
}

test('a switch that npm kept is named, with the line to type', () => {
  expect(swallowed(['01-a'], { npm_config_json: 'true' })).toBe(
    'npm kept --json for itself. Options come after two dashes:\n\n  npm run check -- 01-a --json\n',
  );
});

test('a switch that begins with no- is seen too, though npm keeps it under another name', () => {
  expect(swallowed(['01-a'], { npm_config_install: '' })).toContain('npm run check -- 01-a --no-install\n');
  expect(swallowed(['01-a', '--no-install'], { npm_config_install: '' })).toBeNull();
  expect(swallowed(['01-a'], { npm_config_install: 'true' })).toBeNull();
});

test('several are named together', () => {
  const said = swallowed([], { npm_config_json: 'true', npm_config_all: 'true', npm_config_dry_run: 'true' });
  expect(said).toContain('npm kept --json and --all and --dry-run for itself.');
  expect(said).toContain('  npm run check -- --json --all --dry-run\n');
});

test('a value that npm kept as well is written after its option', () => {
  expect(swallowed(['01-a'], { npm_config_from: '../my files' })).toContain(
    'npm run check -- 01-a --from "../my files"\n',
  );
});

test('where npm made a word of the value, no line is guessed', () => {
  expect(swallowed(['01-a', '../x'], { npm_config_from: 'true' })).toContain(
    'npm run check -- [ID] [RULE] --from DIR\n',
  );
});

test('nothing was lost when the option arrived, or npm has it switched off', () => {
  expect(swallowed(['--json'], { npm_config_json: 'true' })).toBeNull();
  expect(swallowed(['--from=x'], { npm_config_from: 'x' })).toBeNull();
  for (const off of ['', 'false', 'null']) expect(swallowed([], { npm_config_json: off })).toBeNull();
});

test('variables of another npm script say nothing about this command', () => {
  expect(swallowed([], { npm_lifecycle_event: 'test', npm_config_json: 'true' })).toBeNull();
  expect(swallowedByNpm(CHECK, [], { npm_config_json: 'true' })).toBeNull();
});

test('what the environment says is made harmless', () => {
  expect(swallowed([], { npm_config_from: '\u001b[2J' })).toContain('--from "\\x1b[2J"');
});
