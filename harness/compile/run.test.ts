import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../catalog/temp-workbook.ts';
import { compile } from './compile.ts';

const FOLDER = join(process.cwd(), 'exercises', '01-http-server');

/** What a program prints that imports the compiled files as a host does, and prints their export `out` as JSON. */
async function outOf(files: Record<string, string>, folder = FOLDER): Promise<unknown> {
  const request = {
    files: new Map(Object.entries(files)),
    entry: 'src/main.ts',
    packages: [],
    modules: null,
    folder,
  };
  const result = await compile(request);
  if (!result.ok) throw new Error(result.message);
  const scratch = temporaryFolder();
  const file = join(scratch, 'subject.mjs');
  writeFileSync(file, result.text);
  const program = `process.setSourceMapsEnabled(true);
    const loaded = await import(${JSON.stringify(pathToFileURL(file).href)}).catch((error) => ({ out: error.stack }));
    console.log(JSON.stringify(loaded.out));`;
  const args = ['--input-type=module', '--eval', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: scratch,
    env: {},
    timeout: 20_000,
  });
  return JSON.parse(stdout) as unknown;
}

describe('the compiled text, when it is run', () => {
  test('has top-level await, import.meta.url, JSON, late imports and Node’s modules', async () => {
    const out = await outOf({
      'src/main.ts': `
        import { basename } from 'path';
        import data from './data.json' with { type: 'json' };
        const late = await import('./late.ts');
        await new Promise((resolve) => setImmediate(resolve));
        enum Colour { Red = 'red' }
        export const out = { url: basename(import.meta.url), data, late: late.default, colour: Colour.Red };
      `,
      'src/data.json': '{ "a": [1] }',
      'src/late.ts': 'export default class Late { static word: string = "late" }\nexport const x = 1;',
    });
    expect(out).toEqual({ url: 'subject.mjs', data: { a: [1] }, colour: 'red' });
  });

  test('keeps what a string says about source maps', async () => {
    const out = await outOf({
      'src/main.ts': [
        'const sourceMappingURL = 1;',
        'export const out = [`//# sourceMappingURL=x`, "sourceMappingURL", /sourceMappingURL/.test("sourceMappingURL"), { sourceMappingURL }];',
        '//# sourceMappingURL=nowhere.map',
      ].join('\n'),
    });
    expect(out).toEqual(['//# sourceMappingURL=x', 'sourceMappingURL', true, { sourceMappingURL: 1 }]);
  });

  test.each(['plain', 'a b', 'ünd 🦊', 'hundred%25 #1', 'workbook (1)'])(
    'tells errors by file and line of the learner’s own file, in a folder called %j',
    async (name) => {
      const folder = join(process.cwd(), name, '01-http-server');
      const stack = (await outOf(
        {
          'src/main.ts': `import { fail } from './lib/a file.ts';\n\ninterface Unused { a: 1 }\n\nfail('x');\nexport const out = 1;`,
          'src/lib/a file.ts': `// One\n// Two\nexport function fail(why: string): never {\n  throw new RangeError(why);\n}\n`,
        },
        folder,
      )) as string;
      expect(stack).toContain(`${join(folder, 'src', 'lib', 'a file.ts')}:4:9`);
      expect(stack).toContain(`${join(folder, 'src', 'main.ts')}:5:1`);
    },
  );
});
