import { expect, test } from 'vitest';
import { chooseEditor } from './editor.ts';

const choose = (env: Record<string, string>, there: string[] = ['/bin/code', '/opt/zed', '/bin/subl']) =>
  chooseEditor(
    '/w/src/a b.ts',
    7,
    { PATH: '/bin:/usr/bin', ...env },
    (path) => there.includes(path),
    'linux',
  );

test.each([
  [{}, '/bin/code', ['--goto', '/w/src/a b.ts:7']],
  [{ EDITOR: 'vim', VISUAL: 'code --wait' }, '/bin/code', ['--goto', '/w/src/a b.ts:7']],
  [{ EDITOR: 'code -r' }, '/bin/code', ['-r', '--goto', '/w/src/a b.ts:7']],
  [{ EDITOR: '/opt/zed' }, '/opt/zed', ['/w/src/a b.ts:7']],
  [{ VISUAL: ' ', EDITOR: 'subl -n -w' }, '/bin/subl', ['-n', '/w/src/a b.ts:7']],
])('%j starts %s', (env, file, args) => {
  expect(choose(env)).toEqual({ ok: true, file, args });
});

test('an editor that needs a terminal is named, not started', () => {
  expect(choose({ EDITOR: 'vim' })).toEqual({ ok: false, why: 'terminal', editor: 'vim' });
});

test('an editor that is not there is not started', () => {
  expect(choose({}, [])).toEqual({ ok: false, why: 'none', editor: 'code' });
  expect(choose({ VISUAL: '/opt/zed' }, [])).toMatchObject({ ok: false, why: 'none' });
});

test('no shell reads the path: what looks like a command stays an argument', () => {
  const chosen = chooseEditor('/w/$(touch x);.ts', 1, { PATH: '/bin' }, () => true, 'linux');
  expect(chosen).toMatchObject({ args: ['--goto', '/w/$(touch x);.ts:1'] });
});
