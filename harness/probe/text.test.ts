import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { LEVELS } from '../subject/testing/levels.ts';
import { readText } from './text.ts';

const build = join(process.cwd(), '.workbook', 'build');

describe.each(LEVELS)('at isolation level %s', (isolation) => {
  const yaml = (text: string) => readText({ build, isolation }, { op: 'yaml', text });

  test('a document comes as plain data, with the lines where its parts stand', async () => {
    const read = await yaml(
      'on:\n  push:\n    branches: [main]\njobs:\n  a/b: &x\n    steps:\n      - run: npm ci\n  c: *x\n',
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        on: { push: { branches: ['main'] } },
        jobs: { 'a/b': { steps: [{ run: 'npm ci' }] }, c: { steps: [{ run: 'npm ci' }] } },
      },
      lines: {
        '/on': 1,
        '/on/push/branches/0': 3,
        '/jobs/a~1b/steps': 6,
        '/jobs/a~1b/steps/0/run': 7,
        '/jobs/c': 8,
      },
    });
  });

  test.each([
    ['a tab as indentation', 'a:\n\tb: 1\n', 2],
    ['a key that stands there twice', 'a: 1\nb: 2\na: 3\n', 3],
    ['a bracket that is never closed', 'a: [1, 2\n', 2],
  ])('%s is named with its line', async (_what, text, line) => {
    expect(await yaml(text)).toMatchObject({ ok: false, line });
  });

  test('a billion laughs are refused', async () => {
    const laughs = Array.from({ length: 12 }, (_, at) =>
      at === 0
        ? 'a0: &a0 [x, x]'
        : `a${at}: &a${at} [${Array(9)
            .fill(`*a${at - 1}`)
            .join(', ')}]`,
    );
    expect(await yaml(laughs.join('\n'))).toMatchObject({ ok: false });
  });

  test('a text that is too long is not even parsed', async () => {
    expect(await yaml('a: 1\n'.repeat(20_000))).toMatchObject({ ok: false, why: 'it is longer than 64 KiB' });
  });

  test('keys of a prototype are data like all others', async () => {
    const read = await yaml('__proto__:\n  polluted: yes\n');
    expect(read.ok && Object.keys(read.value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  const lint = (text: string) => readText({ build, isolation }, { op: 'lint', text });
  const workflow = (run: string) =>
    `on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${run}\n`;

  test('actionlint finds nothing in a right workflow', async () => {
    expect(await lint(workflow('npm test'))).toEqual({ ok: true, value: [], lines: {} });
  });

  test('what actionlint finds comes with its place and its kind', async () => {
    const found = await lint(workflow('echo ${{ github.event.issue.title }}'));
    expect(found).toEqual({
      ok: true,
      value: [
        { line: 6, column: 23, kind: 'expression', message: expect.stringContaining('untrusted') as unknown },
      ],
      lines: {},
    });
  });

  test('a workflow that actionlint dies of cannot be read', async () => {
    const deep = `${'('.repeat(5_000)}1${')'.repeat(5_000)}`;
    expect(await lint(workflow(`echo \${{ ${deep} }}`))).toMatchObject({ ok: false });
  });

  test('a workflow that is too long is not given to actionlint', async () => {
    const long = workflow('x'.repeat(70_000));
    expect(await lint(long)).toMatchObject({ ok: false, why: 'it is longer than 64 KiB' });
  });
});
