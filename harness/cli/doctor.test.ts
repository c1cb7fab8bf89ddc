import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { realWorld } from '../doctor/world.ts';
import type { World } from '../doctor/world.ts';
import { doctorCommand, runDoctor } from './doctor.ts';
import { run } from './testing/fake-context.ts';
import type { Ran } from './testing/fake-context.ts';

/** This machine, as it is; its tests run, so the workbook works here. */
const root = process.cwd();
const here = realWorld(root, join(root, '.workbook', 'build'), process.env);

const doctor = async (argv: string[], changes: Partial<World> = {}): Promise<Ran> =>
  await run(
    { ...doctorCommand, run: (input, context) => runDoctor(input, context, { ...here, ...changes }) },
    root,
    argv,
  );

const report = z.object({
  schema: z.literal(1),
  works: z.boolean(),
  node: z.string(),
  platform: z.string(),
  findings: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['ok', 'warn', 'fail']),
      text: z.string(),
      fix: z.string().nullable(),
    }),
  ),
});

test('on a machine that works ends with 0, a line for each thing', async () => {
  const { code, out, err } = await doctor([]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  for (const name of ['Node.js', 'SQLite', 'esbuild', 'isolation', 'ports'])
    expect(out).toMatch(new RegExp(`^ok {4}${name.replace('.', '\\.')}: `, 'm'));
  expect(out).toContain('\nAll that is needed works.');
});

test('with --json is a document for programs', async () => {
  const { code, out } = await doctor(['--json']);
  expect(code).toBe(0);
  expect(report.parse(JSON.parse(out))).toMatchObject({ works: true, node: process.version });
});

test('a missing native module is named with its fix, whole on one line, and ends with 1', async () => {
  const { code, out } = await doctor([], {
    evaluate: async () =>
      Promise.resolve({
        kind: 'ended',
        code: 1,
        out: '',
        err: `Error: Cannot find module 'better-sqlite3'\n`,
      }),
  });
  expect(code).toBe(1);
  expect(out).toContain('fail  SQLite: better-sqlite3 is not installed.\n      fix: npm ci\n');
  expect(out).toMatch(/keeps? the workbook from working\. Begin with the first\.\n$/);
});

test('takes no words', async () => {
  expect((await doctor(['now'])).code).toBe(2);
});
