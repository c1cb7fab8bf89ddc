import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inCi, processContext, workbookVersion } from './context.ts';
import type { ProcessParts } from './context.ts';
import { smallWorkbook } from './testing/fake-context.ts';

type Changes = { env?: Record<string, string>; platform?: NodeJS.Platform; tty?: boolean; columns?: number };

function context({ env = {}, platform = 'linux', tty = true, columns }: Changes) {
  const printed = { out: '', err: '' };
  const size = columns === undefined ? {} : { columns };
  const parts: ProcessParts = {
    env,
    platform,
    stdout: { write: (text) => void (printed.out += text), ...(tty ? { isTTY: true } : {}), ...size },
    stderr: { write: (text) => void (printed.err += text), ...(tty ? { isTTY: true } : {}) },
  };
  return { ...processContext('/workbook', parts), printed };
}

describe('colour', () => {
  test('is for terminals', () => {
    expect(context({}).terminal.colour).toBe(true);
    expect(context({ tty: false }).terminal.colour).toBe(false);
  });

  test('is off with NO_COLOR, unless it is empty, and on a dumb terminal', () => {
    expect(context({ env: { NO_COLOR: '1' } }).terminal.colour).toBe(false);
    expect(context({ env: { NO_COLOR: '' } }).terminal.colour).toBe(true);
    expect(context({ env: { TERM: 'dumb' } }).terminal.colour).toBe(false);
  });
});

describe('signs outside ASCII', () => {
  test('go into every file and pipe', () => {
    expect(context({ tty: false, env: { TERM: 'linux' } }).terminal.unicode).toBe(true);
    expect(context({ tty: false, platform: 'win32' }).terminal.unicode).toBe(true);
  });

  test('stay away from consoles that lack them', () => {
    expect(context({}).terminal.unicode).toBe(true);
    expect(context({ env: { TERM: 'linux' } }).terminal.unicode).toBe(false);
    expect(context({ platform: 'win32' }).terminal.unicode).toBe(false);
    expect(context({ platform: 'win32', env: { WT_SESSION: 'x' } }).terminal.unicode).toBe(true);
  });
});

test('a terminal that does not know its width, and a pipe, count as 80 columns', () => {
  expect(context({ columns: 0 }).terminal.columns).toBe(80);
  expect(context({ tty: false }).terminal.columns).toBe(80);
  expect(context({ columns: 132 }).terminal.columns).toBe(132);
});

test('progress is shown to people only', () => {
  expect(context({}).terminal.live).toBe(true);
  expect(context({ tty: false }).terminal.live).toBe(false);
  expect(context({ env: { CI: 'true' } }).terminal.live).toBe(false);
  expect(context({ env: { TERM: 'dumb' } }).terminal.live).toBe(false);
});

test('CI is what a CI service sets, and can be switched off', () => {
  expect([{ CI: 'true' }, { CI: '1' }, { CI: 'woodpecker' }].map(inCi)).toEqual([true, true, true]);
  expect([{}, { CI: '' }, { CI: 'false' }, { CI: '0' }].map(inCi)).toEqual([false, false, false, false]);
});

test('paths start where npm was called', () => {
  expect(context({ env: { INIT_CWD: '/home/me' } }).cwd).toBe('/home/me');
  expect(context({}).cwd).toBe(process.cwd());
});

test('results and talk go to streams of their own', () => {
  const { terminal, printed, build } = context({});
  terminal.out('result');
  terminal.err('talk');
  expect(printed).toEqual({ out: 'result', err: 'talk' });
  expect(build).toBe(join('/workbook', '.workbook', 'build'));
});

test('the version is that of the workbook’s package.json', () => {
  expect(workbookVersion(smallWorkbook())).toBe('1.2.3');
});
