import { describe, expect, test } from 'vitest';
import { width } from '../verdict/layout.ts';
import { createPage } from '../verdict/page.ts';
import { renderProse } from './prose.ts';

const render = (markdown: string, changes: { columns?: number; colour?: boolean; unicode?: boolean } = {}) =>
  renderProse(markdown, createPage({ colour: false, columns: 40, unicode: true, ...changes }));

describe('a Markdown text in the terminal', () => {
  test('has headings, paragraphs and lists, wrapped anew', () => {
    const text = `# Walk-through: **how**

A paragraph that was
broken somewhere else, with \`code_of_it\` and [a link](https://e.org/a_b).
## Next ##
- **R1, R2.** A value in, a value out: and on it goes here.
- Second.
  1. Inner
`;
    expect(render(text)).toEqual([
      'Walk-through: how',
      '',
      'A paragraph that was broken somewhere',
      'else, with `code_of_it` and a link',
      '(https://e.org/a_b).',
      '',
      'Next',
      '',
      '- R1, R2. A value in, a value out: and',
      '  on it goes here.',
      '- Second.',
      '  1. Inner',
    ]);
  });

  test('keeps code and tables line by line, however long', () => {
    const long = `const answer = ${'x'.repeat(60)};`;
    expect(
      render(`Look:\n\n\`\`\`ts\n# no heading\n\n  ${long}\n\`\`\`\n\n| a | b |\n| - | - |\nend`),
    ).toEqual([
      'Look:',
      '',
      '    # no heading',
      '',
      `      ${long}`,
      '',
      '| a | b |',
      '| - | - |',
      '',
      'end',
    ]);
  });

  test('is harmless, and ASCII where nothing else can be shown', () => {
    expect(render('a\u001b[2Jb', { unicode: false })).toEqual(['a\\x1b[2Jb']);
    expect(render('“quoted” → §5', { unicode: false })).toEqual(['"quoted" -> section 5']);
  });

  test.each([40, 80, 200])('of words fits %d columns', (columns) => {
    const text = `# ${'title '.repeat(60)}\n\n- ${'item '.repeat(90)}\n\n${'words '.repeat(90)}`;
    expect(Math.max(...render(text, { columns }).map(width))).toBeLessThanOrEqual(Math.min(columns, 100));
  });

  test('marks headings by colour only beside an empty line', () => {
    expect(render('# Head\ntext', { colour: true })).toEqual(['\u001b[1mHead\u001b[22m', '', 'text']);
  });
});
