import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Scratch } from './scratch.ts';

function scratch(): Scratch {
  const made = new Scratch();
  onTestFinished(() => made.remove());
  return made;
}

describe('a scratch folder', () => {
  test('is one’s own', () => {
    const [one, two] = [scratch(), scratch()];
    expect(one.folder).not.toBe(two.folder);
  });

  test.skipIf(process.platform === 'win32')('is closed to other people of the machine', () => {
    expect(statSync(scratch().folder).mode & 0o077).toBe(0);
  });

  test('takes a tree of texts and bytes, each tree in a folder of its own', () => {
    const made = scratch();
    const bytes = Buffer.from([0, 255]);
    const one = made.writeTree({ 'a.txt': 'ë', 'deep/er/b.bin': bytes });
    const two = made.writeTree({});
    expect(readFileSync(join(one, 'a.txt'), 'utf8')).toBe('ë');
    expect(readFileSync(join(one, 'deep', 'er', 'b.bin'))).toEqual(bytes);
    expect(one).not.toBe(two);
    expect(existsSync(join(two, 'a.txt'))).toBe(false);
  });

  test.each(['../out.txt', 'a/../../out.txt', '..', 'a/../../../../../etc/out'])(
    'writes nothing outside a tree: %s',
    (name) => {
      const made = scratch();
      expect(() => made.writeTree({ [name]: 'x' })).toThrow('outside itself');
      expect(existsSync(join(made.folder, 'out.txt'))).toBe(false);
    },
  );

  test('takes names that only look like a way out', () => {
    const made = scratch();
    const base = made.writeTree({ '..a': '1', '/abs': '2', 'b/..c': '3' });
    expect([readFileSync(join(base, '..a'), 'utf8'), readFileSync(join(base, 'abs'), 'utf8')]).toEqual([
      '1',
      '2',
    ]);
  });

  test('is removed with everything in it, and the packages behind its links are not', () => {
    const made = new Scratch();
    const root = process.cwd();
    made.linkPackages(root, ['express', '@types/node']);
    expect(lstatSync(join(made.folder, 'node_modules', 'express')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(made.folder, 'node_modules', '@types', 'node', 'package.json'))).toBe(true);
    made.writeSubject('export {};');
    made.remove();
    made.remove();
    expect(existsSync(made.folder)).toBe(false);
    expect(existsSync(join(root, 'node_modules', 'express', 'package.json'))).toBe(true);
    expect(existsSync(join(root, 'node_modules', '@types', 'node', 'package.json'))).toBe(true);
  });
});
