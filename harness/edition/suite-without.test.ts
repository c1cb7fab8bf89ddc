import { describe, expect, test } from 'vitest';
import { suiteWithout } from './suite-without.ts';

/** The files that are left, or why it cannot be done. */
function without(rules: string[], files: Record<string, string>): Record<string, string> | string {
  const result = suiteWithout(new Map(Object.entries(files)), new Set(rules));
  return result.ok ? Object.fromEntries(result.files) : result.why;
}

const TOP = `// canary 0123456789abcdef01234567\nimport { rule, step } from '#suite';\n`;

describe('a rule is taken out of a suite', () => {
  test('by what the code means: a name in a text, in a comment or in another call is no rule', () => {
    const text = `${TOP}
// rule('R2', …) is below
const text = "rule('R2', async () => {})";

rule('R1', async (t) => {
  other.rule('R2', t, text);
});

/* about R2 */
rule("R2", async (t) => {
  const nested = \`}); \${'rule('}\`;
  await step(t, nested, async () => {});
}); // the end of R2

rule('R3', async () => {});
`;
    expect(without(['R2'], { 'a.suite.ts': text })).toEqual({
      'a.suite.ts': `// canary 0123456789abcdef01234567
import { rule } from '#suite';

// rule('R2', …) is below
const text = "rule('R2', async () => {})";

rule('R1', async (t) => {
  other.rule('R2', t, text);
});

rule('R3', async () => {});
`,
    });
  });

  test('with what nothing else uses, in its own file and in those that it imports', () => {
    const files = {
      'a.suite.ts': `${TOP}import type { Row } from './tools.ts';
import { deep, shared } from './tools.ts';
import { only } from './only.ts';

rule('R1', async (t) => step(t, 'x', async () => shared()));
rule('R2', async () => helper(only()));

type Given = Row;
function helper(given: Given): void {
  deep(given);
}
`,
      'only.ts': `// canary 1\nexport const only = (): string => 'R2';\n`,
      'tools.ts': `// canary 2
import { createHmac } from 'node:crypto';

export type Row = string;

export function shared(): number {
  return base;
}

export function deep(row: Row): void {
  createHmac('sha256', row);
}

const base = 1;
`,
      'diagnosis.json': '{}',
    };
    expect(without(['R2'], files)).toEqual({
      'a.suite.ts': `${TOP}import { shared } from './tools.ts';

rule('R1', async (t) => step(t, 'x', async () => shared()));
`,
      'tools.ts': `// canary 2

export function shared(): number {
  return base;
}

const base = 1;
`,
      'diagnosis.json': '{}',
    });
  });

  test('a suite that has no rule left is gone, and what only it imported', () => {
    const files = {
      'a.suite.ts': `${TOP}rule('R1', async () => {});\n`,
      'b.suite.ts': `${TOP}import { x } from './x.ts';\nrule('R2', async () => x());\n`,
      'x.ts': 'export const x = (): void => {};\n',
    };
    expect(Object.keys(without(['R2'], files))).toEqual(['a.suite.ts']);
  });

  test('nothing else changes: what was unused before stays, and so does what is exported again', () => {
    const files = {
      'a.suite.ts': `${TOP}import './effect.ts';\nexport { y } from './y.ts';\n\nconst unused = 1;\n\n\n\nrule('R1', async () => {});\n`,
      'effect.ts': 'globalThis.x = 1;\n',
      'y.ts': 'export const y = 1;\n',
    };
    expect(without([], files)).toEqual(files);
    const more = `${files['a.suite.ts']}rule('R2', async () => {});\n`;
    expect(without(['R2'], { ...files, 'a.suite.ts': more })).toMatchObject({
      'a.suite.ts': expect.stringContaining("import './effect.ts';\nexport { y }") as string,
      'effect.ts': files['effect.ts'],
      'y.ts': files['y.ts'],
    });
  });

  test('what no suite imports is data, and stays as it is, whatever it is', () => {
    const data = { 'programs/a/app.ts': 'not { code', 'programs/b/tool.ts': 'export const R2 = 1;\n\n\n\n' };
    const suite = `${TOP}rule('R1', async () => {});\nrule('R2', async () => {});\n`;
    expect(without(['R2'], { 'a.suite.ts': suite, ...data })).toMatchObject(data);
  });

  test.each([
    ['made by a loop', "for (const id of ['R1', 'R2']) rule(id, async () => {});\n"],
    ['inside of a function', "function all() {\n  rule('R2', async () => {});\n}\nall();\n"],
    ['that is not there', "rule('R1', async () => {});\n"],
  ])('not one %s: that is said', (_what, text) => {
    expect(without(['R2'], { 'a.suite.ts': TOP + text })).toBe(
      "No suite has rule('R2', …) as a statement of its own, so it cannot be taken out.",
    );
  });
});
