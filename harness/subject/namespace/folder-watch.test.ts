import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOutside } from '../testing/walled.ts';
import { excessIn, FolderWatch } from './folder-watch.ts';

const LIMITS = { files: 4, bytes: 100_000, depth: 3 };

describe.skipIf(process.platform === 'win32')('what a program leaves in its folders', () => {
  test('is counted over all folders', () => {
    const [a, b] = [folderOutside(), folderOutside()];
    for (const name of ['1', '2']) writeFileSync(join(a, name), 'x');
    for (const name of ['3', '4']) writeFileSync(join(b, name), 'x');
    expect(excessIn([a, b], LIMITS)).toBeNull();
    writeFileSync(join(b, '5'), '');
    expect(excessIn([a, b], LIMITS)).toMatch(/more than 4 files/);
  });

  test('is weighed by what it takes on the disk, and not by what it claims', () => {
    const folder = folderOutside();
    writeFileSync(join(folder, 'sparse'), '');
    truncateSync(join(folder, 'sparse'), 10_000_000);
    expect(excessIn([folder], LIMITS)).toBeNull();
    writeFileSync(join(folder, 'real'), Buffer.alloc(200_000, 1));
    expect(excessIn([folder], LIMITS)).toMatch(/to the disk/);
  });

  test('may not be deep, and links lead nowhere', () => {
    const folder = folderOutside();
    symlinkSync(folder, join(folder, 'round'));
    symlinkSync('/', join(folder, 'everything'));
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    const limits = { ...LIMITS, files: 10 };
    expect(excessIn([folder], limits)).toBeNull();
    mkdirSync(join(folder, 'a', 'b', 'c'));
    expect(excessIn([folder], limits)).toMatch(/more than 3 deep/);
  });

  test('that is gone in the middle of a look is no failure', () => {
    expect(excessIn([join(folderOutside(), 'none')], LIMITS)).toBeNull();
    expect(new FolderWatch([]).excess()).toBeNull();
  });
});
