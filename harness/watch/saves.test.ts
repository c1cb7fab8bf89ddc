import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { Saves } from './saves.ts';

/** A folder of exercises that is watched, and how often something was seen to settle. */
async function watched() {
  const exercises = realpathSync.native(mkdtempSync(join(tmpdir(), 'workbook-saves-')));
  const src = join(exercises, '01-first', 'src');
  mkdirSync(src, { recursive: true });
  mkdirSync(join(exercises, '02-second'));
  writeFileSync(join(src, 'a.ts'), 'one');
  const seen = { settled: 0 };
  const saves = new Saves({
    exercises,
    id: '01-first',
    onSave: (settled) => void (seen.settled += settled ? 1 : 0),
    onTrouble: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    await saves.close();
    rmSync(exercises, { recursive: true, force: true });
  });
  await saves.ready();
  /** Does something to the files and waits until it is seen. */
  const seesAfter = async (change: () => void): Promise<void> => {
    const before = seen.settled;
    change();
    await expect.poll(() => seen.settled, { timeout: 10_000, interval: 20 }).toBeGreaterThan(before);
  };
  return { exercises, src, seen, seesAfter };
}

test('sees a write, a rename over a file, a new file, and a folder that comes back', async () => {
  const { exercises, src, seen, seesAfter } = await watched();
  await seesAfter(() => writeFileSync(join(src, 'a.ts'), 'two'));
  writeFileSync(join(exercises, 'a.tmp'), 'three');
  await seesAfter(() => renameSync(join(exercises, 'a.tmp'), join(src, 'a.ts')));
  await seesAfter(() => writeFileSync(join(src, 'a.ts'), 'four'));
  await seesAfter(() => writeFileSync(join(src, 'b.ts'), 'new'));
  await seesAfter(() => rmSync(join(exercises, '01-first'), { recursive: true }));
  await seesAfter(() => {
    mkdirSync(src, { recursive: true });
    writeFileSync(join(src, 'a.ts'), 'back');
  });
  await seesAfter(() => writeFileSync(join(src, 'a.ts'), 'and saved again'));
  expect(seen.settled).toBeGreaterThanOrEqual(7);
});
