import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { BuiltWorkbook, ended } from './testing/built-workbook.ts';
import { FIRST, PROGRAMS, SECOND } from './testing/made-exercises.ts';

/** `npm run watch` for other programs: in a pipe. */
let workbook: BuiltWorkbook;

beforeAll(async () => {
  workbook = await BuiltWorkbook.built();
});
beforeEach(() => workbook.restore());
afterAll(() => workbook.remove());

const save = (text: string) =>
  writeFileSync(join(workbook.root, 'exercises', FIRST, 'src', 'double.ts'), text);

/** Resolves with all that was printed when this was. */
function printed(child: ChildProcess, text: string): Promise<string> {
  let all = '';
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: string) => {
      all += chunk;
      if (all.includes(text)) resolve(all);
    });
    child.once('close', () => reject(new Error(`it ended without ${text}: ${all}`)));
  });
}

test('prints a verdict for each save as plain lines, and ends when standard input ends', async () => {
  const child = workbook.spawn(workbook.commandLine(['watch']));
  const end = ended(child);
  const first = await printed(child, 'checked at');
  expect(first).toContain('Your task: 1 rule');
  save(PROGRAMS.core);
  await printed(child, 'checked at');
  child.stdin?.end();
  const { code, out, err } = await end;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toContain('passed: 1 of 1 core');
  expect(out.includes('\u001b')).toBe(false);
  expect(out).not.toContain('[q]');
  expect(workbook.leftovers()).toEqual([]);
});

test('--json prints one object per line, and says when it is ready for the next save', async () => {
  const child = workbook.spawn(workbook.commandLine(['watch', '--json']));
  const end = ended(child);
  await printed(child, '"ready"');
  child.stdin?.end();
  const { out } = await end;
  const events = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });
  expect(events.map(({ event }) => event)).toEqual(['verdict', 'ready']);
});

test('a locked exercise is not watched', async () => {
  const { code, err } = await workbook.run(['watch', SECOND]);
  expect(code).toBe(3);
  expect(err).toContain('02-second is locked');
});
