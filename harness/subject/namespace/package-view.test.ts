import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderOutside } from '../testing/walled.ts';
import { packageView } from './package-view.ts';

function workbook(files: Readonly<Record<string, string>>): string {
  const root = folderOutside();
  for (const [name, text] of Object.entries({ '.package-lock.json': '{}', ...files })) {
    const file = join(root, 'node_modules', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return root;
}

const FILES = {
  'a/index.js': 'a',
  'a/node_modules/c/index.js': 'c',
  '@s/b/index.js': 'b',
  'other/index.js': 'o',
};

describe.skipIf(process.platform === 'win32')('the packages of a part', () => {
  test('a view has the packages that were named, with what lies in them, and no others', () => {
    const root = workbook(FILES);
    symlinkSync('index.js', join(root, 'node_modules', 'a', 'link.js'));
    const packages = ['a', '@s/b'].map((name) => join(root, 'node_modules', name));
    const view = packageView(root, packages) ?? '';
    expect(readdirSync(view).toSorted()).toEqual(['@s', 'a']);
    for (const name of ['a/index.js', 'a/node_modules/c/index.js', '@s/b/index.js'] as const)
      expect(readFileSync(join(view, name), 'utf8')).toBe(FILES[name]);
    expect(readFileSync(join(view, 'a', 'link.js'), 'utf8')).toBe('a');
    expect(packageView(root, packages.toReversed())).toBe(view);
  });

  test('after an installation there is another one', () => {
    const root = workbook(FILES);
    const packages = [join(root, 'node_modules', 'a')];
    const before = packageView(root, packages) ?? '';
    writeFileSync(join(root, 'node_modules', 'a', 'new.js'), 'n');
    utimesSync(join(root, 'node_modules', '.package-lock.json'), 1, 1);
    const after = packageView(root, packages) ?? '';
    expect(after).not.toBe(before);
    expect(readdirSync(after + '/a')).toContain('new.js');
  });

  test('where none can be made, none is there', () => {
    const root = workbook(FILES);
    writeFileSync(join(root, '.workbook'), 'a file in the way');
    expect(packageView(root, [join(root, 'node_modules', 'a')])).toBeNull();
  });
});
