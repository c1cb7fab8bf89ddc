import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../catalog/temp-workbook.ts';
import { compile } from './compile.ts';
import type { Compiled, CompileRequest } from './compile.ts';

type Files = Record<string, string>;

function compiled(files: Files, changes: Partial<CompileRequest> = {}): Promise<Compiled> {
  return compile({
    files: new Map(Object.entries(files)),
    entry: 'src/main.ts',
    packages: [],
    modules: null,
    folder: '/workbook/exercises/01-http-server',
    ...changes,
  });
}

/** The text without the source map, which holds the sources word for word. */
async function code(files: Files, changes: Partial<CompileRequest> = {}): Promise<string> {
  const result = await compiled(files, changes);
  if (!result.ok) throw new Error(`refused: ${result.message}`);
  return result.text.slice(0, result.text.indexOf('//# sourceMappingURL='));
}

async function refusal(
  files: Files,
  changes: Partial<CompileRequest> = {},
): Promise<Exclude<Compiled, { ok: true }>> {
  const result = await compiled(files, changes);
  if (result.ok) throw new Error('it was compiled');
  return result;
}

describe('imports between the learner’s files', () => {
  test.each([
    ['./other', 'src/other.ts'],
    ['./other.ts', 'src/other.ts'],
    ['./other.js', 'src/other.ts'],
    ['./other.mjs', 'src/other.mts'],
    ['./other.js', 'src/other.js'],
    ['./other', 'src/other.js'],
    ['./dir', 'src/dir/index.ts'],
    ['./dir/', 'src/dir/index.ts'],
    ['./dir/index.js', 'src/dir/index.ts'],
    ['./dir/../other.ts', 'src/other.ts'],
    ['./deep/er/file.ts', 'src/deep/er/file.ts'],
    ['../top.ts', 'top.ts'],
    ['./a file with spaces, ünd 🦊.ts', 'src/a file with spaces, ünd 🦊.ts'],
  ])('%s leads to %s', async (specifier, file) => {
    const main = `import { canary } from ${JSON.stringify(specifier)}; export const out = canary;`;
    expect(await code({ 'src/main.ts': main, [file]: `export const canary = 'found-it';` })).toContain(
      'found-it',
    );
  });

  test('a file in another folder finds its own neighbours', async () => {
    const text = await code({
      'src/main.ts': `export { canary } from './lib/a.ts';`,
      'src/lib/a.ts': `export { canary } from './b.ts';`,
      'src/lib/b.ts': `export const canary = 'right';`,
      'src/b.ts': `export const canary = 'wrong';`,
    });
    expect(text).toContain('right');
    expect(text).not.toContain('wrong');
  });

  test('the folder’s own index is found by `.` and `..`', async () => {
    const text = await code({
      'src/main.ts': `import { one } from '.'; import { two } from './sub/x.ts'; export const out = [one, two];`,
      'src/index.ts': `export const one = 'canary-one';`,
      'src/sub/x.ts': `import { one } from '..'; export const two = one + 'canary-two';`,
    });
    expect(text).toContain('canary-one');
    expect(text).toContain('canary-two');
  });

  test('a JSON file is data', async () => {
    const main = `import data from './data.json' with { type: 'json' }; export const out = data.name;`;
    const text = await code({
      'src/main.ts': main,
      'src/data.json': '{ "name": "canary", "__proto__": { "x": 1 } }',
    });
    expect(text).toContain('canary');
  });

  test('a JSON file with a mistake is named', async () => {
    const result = await refusal({
      'src/main.ts': `import d from './d.json'; export { d };`,
      'src/d.json': '{ "a": }',
    });
    expect(result.kind).toBe('compile');
    expect(result.frames).toEqual([{ file: 'src/d.json', line: 1, column: 8, name: null }]);
  });

  test('a dynamic import of a text is followed, and refused like any other', async () => {
    const files = {
      'src/main.ts': `export const f = () => import('./late.ts');`,
      'src/late.ts': `export const x = 'canary';`,
    };
    expect(await code(files)).toContain('canary');
    expect((await refusal({ 'src/main.ts': `export const f = () => import('vitest');` })).message).toContain(
      'vitest',
    );
  });

  test('types are erased, and so is an import that only brought types', async () => {
    const text = await code({
      'src/main.ts': `import type { A } from 'not-installed'; import { B } from './types.ts'; export const x: A | B = 1 as never;`,
      'src/types.ts': `export type B = { b: 1 };`,
    });
    expect(text).not.toMatch(/not-installed|: A/);
  });

  test('two files that import each other', async () => {
    const text = await code({
      'src/main.ts': `import { b } from './b.ts'; export const a = 'canary-a'; export const f = () => b;`,
      'src/b.ts': `import { a } from './main.ts'; export const b = 'canary-b'; export const g = () => a;`,
    });
    expect(text).toMatch(/canary-a[^]*canary-b|canary-b[^]*canary-a/);
  });
});

describe('imports of packages and of Node’s modules', () => {
  test('an allowed package stays an import, also below its name', async () => {
    const main = `import express from 'express'; import sub from '@scope/name/sub.js'; export default [express, sub];`;
    const text = await code({ 'src/main.ts': main }, { packages: ['express', '@scope/name'] });
    expect(text).toContain('from "express"');
    expect(text).toContain('from "@scope/name/sub.js"');
  });

  test('a module of Node is written with its prefix', async () => {
    const text = await code({
      'src/main.ts': `import fs from 'fs'; import p from 'node:fs/promises'; export { fs, p };`,
    });
    expect(text).toContain('from "node:fs"');
    expect(text).toContain('from "node:fs/promises"');
  });

  test('an exercise’s own list replaces the usual one, with or without the prefix', async () => {
    const main = `import { createHmac } from 'node:crypto'; export { createHmac };`;
    expect(await code({ 'src/main.ts': main }, { modules: ['crypto'] })).toContain('node:crypto');
    expect(await code({ 'src/main.ts': main }, { modules: ['node:crypto'] })).toContain('node:crypto');
    expect((await refusal({ 'src/main.ts': main }, { modules: ['node:fs'] })).message).toContain(
      'node:crypto',
    );
    expect((await refusal({ 'src/main.ts': main }, { modules: [] })).kind).toBe('import');
  });

  test('a list that names processes allows them', async () => {
    const main = `import { spawn } from 'child_process'; export { spawn };`;
    expect(await code({ 'src/main.ts': main }, { modules: ['node:child_process'] })).toContain(
      'node:child_process',
    );
  });
});

describe('imports that are refused by name', () => {
  test.each([
    'vitest',
    'zod',
    'express/lib/router',
    '@scope/other',
    'expressive',
    'node:child_process',
    'child_process',
    'node:worker_threads',
    'node:vm',
    'node:module',
    'module',
    'node:inspector',
    'node:test',
    'node:sqlite',
    'node:cluster',
    'node:v8',
    'node:sea',
    'node:nothing',
    '/etc/passwd',
    '/workbook/exercises/01-http-server/src/other.ts',
    '../../solutions/01-http-server/src/main.ts',
    '../../../exercises/01-http-server/hidden/core.suite.ts',
    '../../../../../../../../../../etc/passwd',
    './missing.ts',
    '../src',
    '../hidden/core.suite.ts',
    './other.ts?query',
    './other.ts#hash',
    '#suite',
    '#src/other',
    'file:///etc/passwd',
    'file:./other.ts',
    'data:text/javascript,export default 1',
    'http://127.0.0.1/x.js',
    'https://127.0.0.1/x.js',
    'C:\\\\Windows\\\\system.ini',
    '..\\\\other.ts',
    'src/other.ts',
    '~/other.ts',
    '@/other.ts',
    '',
    ' ',
  ])('%j', async (specifier) => {
    const other = { 'src/other.ts': 'export default 1;' };
    const request = { packages: ['@scope/name'] };
    for (const statement of [
      `import x from '${specifier}';\nexport { x };`,
      `import '${specifier}';`,
      `export * from '${specifier}';`,
      `export const f = () => import('${specifier}');`,
      `export const f = () => require('${specifier}');`,
      `export const f = () => { try { return require('${specifier}'); } catch { return null; } };`,
    ]) {
      const result = await refusal({ ...other, 'src/main.ts': statement }, request);
      expect(result.kind, `in ${statement}`).toBe('import');
      expect(result.message, `in ${statement}`).toContain(specifier.replaceAll('\\\\', '\\'));
      expect(result.frames, `in ${statement}`).toEqual([
        { file: 'src/main.ts', line: 1, column: expect.any(Number) as number, name: null },
      ]);
    }
  });

  test('the message says what is allowed instead', async () => {
    const main = { 'src/main.ts': `import 'lodash';` };
    expect((await refusal(main)).message).toBe('lodash is not allowed here. This exercise uses no packages.');
    expect((await refusal(main, { packages: ['express', 'jsonwebtoken'] })).message).toContain(
      'express, jsonwebtoken',
    );
  });

  test('the place is that of the import, in the file that has it', async () => {
    const result = await refusal({
      'src/main.ts': `import './lib/bad.ts';`,
      'src/lib/bad.ts': `// one\nimport fs from 'node:fs';\n  import 'vitest';\nexport { fs };\n`,
    });
    expect(result.frames).toEqual([{ file: 'src/lib/bad.ts', line: 3, column: 10, name: null }]);
  });

  test('`require` of an allowed module is refused too: an ES module has no require', async () => {
    const result = await refusal({ 'src/main.ts': `const fs = require('node:fs');\nexport { fs };` });
    expect(result.kind).toBe('import');
    expect(result.message).toContain('require');
  });
});

describe('what cannot be compiled', () => {
  test('a missing entry is said, and what to do', async () => {
    const result = await refusal({ 'src/other.ts': '' });
    expect(result.kind).toBe('files');
    expect(result.message).toContain('src/main.ts');
  });

  test('a mistake in the syntax is told with file, line and column', async () => {
    const result = await refusal({
      'src/main.ts': `import './b.ts';`,
      'src/b.ts': `const a = 1;\n\n  const b = ;\n`,
    });
    expect(result.kind).toBe('compile');
    expect(result.message).toContain('Unexpected');
    expect(result.frames).toEqual([{ file: 'src/b.ts', line: 3, column: 13, name: null }]);
  });

  test('a name that a file does not export is told', async () => {
    const result = await refusal({
      'src/main.ts': `import { nope } from './b.ts';\nexport const x = nope;`,
      'src/b.ts': 'export const yes = 1;',
    });
    expect(result.kind).toBe('compile');
    expect(result.message).toContain('nope');
    expect(result.frames[0]).toMatchObject({ file: 'src/main.ts', line: 1 });
  });

  test('a file that is no text is refused or compiled, and never a bug of ours', async () => {
    for (const text of [
      '\0\0\0',
      '\ufeffexport const a = 1;',
      '\ud800',
      '#!/usr/bin/env node\nexport {};',
      '',
    ]) {
      const result = await compiled({ 'src/main.ts': text });
      expect(result.ok || result.kind === 'compile', `with ${JSON.stringify(text)}`).toBe(true);
    }
  });

  test('nesting without an end is an error and not a dead compiler', async () => {
    const result = await compiled({
      'src/main.ts': `export const a = ${'('.repeat(20_000)}1${')'.repeat(20_000)};`,
    });
    expect(result.ok || result.kind === 'compile').toBe(true);
    expect(await code({ 'src/main.ts': 'export const after = 1;' })).toContain('after');
  });
});

describe('files that are no sources', () => {
  const main = `class A { x = 1 }\nexport const view = A;\nexport const env = process.env.CANARY;`;
  const plain = { 'src/main.ts': main };

  test.each([
    [
      'tsconfig.json',
      '{ "compilerOptions": { "useDefineForClassFields": false, "target": "ES5", "paths": { "*": ["/etc/*"] } } }',
    ],
    ['src/tsconfig.json', '{ "extends": "/etc/passwd" }'],
    ['tsconfig.json', 'this is no JSON'],
    [
      'package.json',
      '{ "type": "commonjs", "imports": { "#suite": "./src/main.ts" }, "sideEffects": false, "browser": {} }',
    ],
    ['src/package.json', '{ "main": "./other.ts" }'],
    ['.env', 'CANARY=leaked'],
    ['src/.env', 'CANARY=leaked'],
    ['.npmrc', 'node-options=--require ./x.js'],
    ['node_modules/vitest/index.js', 'export default 1'],
    ['.swcrc', '{}'],
    ['babel.config.js', 'throw new Error()'],
  ])('%s changes nothing', async (name, text) => {
    expect(await code({ ...plain, [name]: text })).toBe(await code(plain));
  });

  test('a package.json does not open what is refused', async () => {
    const files = {
      'package.json': '{ "imports": { "#suite": "./src/other.ts" }, "dependencies": { "vitest": "*" } }',
      'node_modules/vitest/package.json': '{ "main": "index.js" }',
      'node_modules/vitest/index.js': 'export default 1',
      'src/other.ts': 'export default 1',
    };
    for (const name of ['#suite', 'vitest']) {
      expect((await refusal({ ...files, 'src/main.ts': `import '${name}';` })).message).toContain(name);
    }
  });
});

describe('the disk', () => {
  const CANARY = 'canary-on-the-disk';

  /** A folder like an exercise's, with files that a learner's file could point at. */
  function folderWithSecrets(): string {
    const root = temporaryFolder();
    const files = {
      'exercises/01/src/beside.ts': `export const x = '${CANARY}';`,
      'exercises/01/src/beside.json': `{ "x": "${CANARY}" }`,
      'exercises/01/src/main.js.map': `{ "version": 3, "sources": ["${CANARY}"], "sourcesContent": ["${CANARY}"], "names": [], "mappings": "AAAA" }`,
      'exercises/01/hidden/core.suite.ts': `export const x = '${CANARY}';`,
      'solutions/01/src/main.ts': `export const x = '${CANARY}';`,
      'node_modules/secret/index.js': `export const x = '${CANARY}';`,
    };
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    return root;
  }

  test('is never read: a file beside the learner’s is not there', async () => {
    const root = folderWithSecrets();
    const folder = join(root, 'exercises', '01');
    for (const specifier of [
      './beside.ts',
      './beside.json',
      '../hidden/core.suite.ts',
      '../../../solutions/01/src/main.ts',
      'secret',
      join(folder, 'src', 'beside.ts'),
      pathToFileURL(join(folder, 'src', 'beside.ts')).href,
    ]) {
      const main = `import { x } from ${JSON.stringify(specifier)}; export { x };`;
      expect((await refusal({ 'src/main.ts': main }, { folder })).kind, `of ${specifier}`).toBe('import');
    }
  });

  test('is not read for a source map that a comment points at', async () => {
    const root = folderWithSecrets();
    const folder = join(root, 'exercises', '01');
    for (const place of [
      'main.js.map',
      join(folder, 'src/main.js.map'),
      pathToFileURL(join(folder, 'src/main.js.map')).href,
    ]) {
      const result = await compiled(
        { 'src/main.ts': `export const a = 1;\n//# sourceMappingURL=${place}` },
        { folder },
      );
      if (!result.ok) throw new Error(result.message);
      const map = Buffer.from(result.text.slice(result.text.lastIndexOf(',') + 1), 'base64').toString();
      expect(map).not.toContain(CANARY);
    }
  });
});
