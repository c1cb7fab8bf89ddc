import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { typeNotes } from './types.ts';

const root = process.cwd();
let folder = '';

function files(content: Record<string, string>): string[] {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'type-notes-')));
  mkdirSync(join(folder, 'src'));
  for (const [name, text] of Object.entries(content)) writeFileSync(join(folder, name), text);
  return Object.keys(content);
}

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('finds what is wrong, by file, line and column', async () => {
  const names = files({
    'src/a.ts': "import { b } from './b.ts';\nexport const a: number = b;\n",
    'src/b.ts': "export const b = 'text';\n",
  });
  expect(await typeNotes(root, folder, names)).toEqual([
    {
      file: 'src/a.ts',
      line: 2,
      column: 14,
      text: "TS2322: Type 'string' is not assignable to type 'number'.",
    },
  ]);
});

test('knows Node, and asks for no proof of what an index holds', async () => {
  const names = files({
    'src/a.ts':
      "import { createServer } from 'node:http';\nexport const first = ['x'][0].length;\nexport { createServer };\n",
  });
  expect(await typeNotes(root, folder, names)).toEqual([]);
});

test('a tsconfig beside the files has no effect, and files that are no TypeScript are passed over', async () => {
  const names = files({ 'src/a.ts': 'export const a: number = 1;\n', 'src/q.sql': 'SELECT 1' });
  writeFileSync(join(folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": "nonsense" } }');
  expect(await typeNotes(root, folder, names)).toEqual([]);
  expect(await typeNotes(root, folder, ['src/q.sql'])).toEqual([]);
});
