import { describe, expect, test } from 'vitest';
import { parseManifest } from './manifest.ts';

function rulesOf(readme: string) {
  const manifest = parseManifest(readme);
  if (!manifest.ok) throw new Error(JSON.stringify(manifest.problems));
  return manifest.rules;
}

function problemsOf(readme: string) {
  const manifest = parseManifest(readme);
  return manifest.ok ? [] : manifest.problems;
}

/** A README whose Core list is `lines`; the first of them stands in line 3. */
function core(...lines: string[]): string {
  return ['## Rules', '### Core', ...lines, ''].join('\n');
}

const README = `# A server

- **R99** no rule: it stands above the rules *(RFC 1 §1)*

## Rules

Nine of them.

### Core

- **R1** \`GET /health\` answers 200 *(RFC 9110 §15.3.1)*
- **R2** A name *arrives* whole,
  also when it is \`Zoë\`
  and long. _(RFC 9110 §8.6, RFC 3629)_

### Extra

- **R10** HEAD answers like GET (without the body). *(RFC 9110 §9.3.2 (HEAD))*
* **Q01** A query *(our schema)*.

## Try it yourself

- **R98** no rule either
`;

describe('reads the two lists', () => {
  const expected = [
    { id: 'R1', tier: 'core', title: 'GET /health answers 200', citation: 'RFC 9110 §15.3.1', line: 11 },
    {
      id: 'R2',
      tier: 'core',
      title: 'A name arrives whole, also when it is Zoë and long.',
      citation: 'RFC 9110 §8.6, RFC 3629',
      line: 12,
    },
    {
      id: 'R10',
      tier: 'extra',
      title: 'HEAD answers like GET (without the body).',
      citation: 'RFC 9110 §9.3.2 (HEAD)',
      line: 18,
    },
    { id: 'Q01', tier: 'extra', title: 'A query', citation: 'our schema', line: 19 },
  ];

  test.each([
    ['\\n', README],
    ['\\r\\n', README.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${README}`],
  ])('with %s', (_name, readme) => {
    expect(rulesOf(readme)).toEqual(expected);
  });

  test('puts core before extra, whatever stands first', () => {
    const readme =
      '# Rules\n## Extra\n- **R1** a *(x)*\n## Core rules ##\n- **R2** b *(x)*\n- **R3** c *(x)*\n';
    expect(rulesOf(readme).map((rule) => rule.id)).toEqual(['R2', 'R3', 'R1']);
  });

  test('passes over code blocks and comments', () => {
    const readme = core(
      '- **R1** a *(x)*',
      '```sh',
      '# Rules',
      '- **R2** in a code block',
      '````',
      '<!-- - **R3** in a comment',
      '- **R4** too -->',
      '- **R5** b *(x)*',
    );
    expect(rulesOf(readme).map((rule) => [rule.id, rule.line])).toEqual([
      ['R1', 3],
      ['R5', 10],
    ]);
  });

  test('takes a comment that is never closed as text', () => {
    expect(rulesOf(core('- **R1** write `<!--` *(x)*', '- **R2** b *(x)*'))).toHaveLength(2);
  });

  test('passes over notes: paragraphs, and list lines that are no rules', () => {
    const readme = core(
      '- **R1** a *(x)*',
      '  - for example at noon',
      '    and at night',
      '',
      '  More about it.',
      '- **R2** b *(x)*',
      '---',
      'The end.',
    );
    expect(rulesOf(readme).map((rule) => rule.title)).toEqual(['a', 'b']);
  });

  test('a list may be indented a little', () => {
    expect(rulesOf(core('  - **R1** a *(x)*', '  - **R2** b *(x)*'))).toHaveLength(2);
  });
});

describe('problems name the line', () => {
  test.each<[string, string[], number, RegExp, RegExp]>([
    ['an id that stands twice', ['- **R1** a *(x)*', '- **R1** b *(x)*'], 4, /line 3 has it/, /once/],
    ['the same number', ['- **R1** a *(x)*', '- **R01** b *(x)*'], 4, /R01 is taken/, /R7 and R07/],
    ['no citation', ['- **R1** a'], 3, /R1 does not end with a citation/, /\*\(RFC/],
    ['a citation that is not slanted', ['- **R1** a (RFC 9110)'], 3, /R1 does not end/, /\*\(RFC/],
    ['an empty citation', ['- **R1** a *( )*'], 3, /empty/, /citation/],
    ['no sentence', ['- **R1** *(x)*'], 3, /no sentence/, /sentence/],
    ['nothing but an id', ['- **R1**'], 3, /cannot be read: "\*\*R1\*\*"/, /sentence/],
    ['no bold', ['- R1 a *(x)*'], 3, /cannot be read/, /bold id/],
    ['a small r', ['- **r1** a *(x)*'], 3, /cannot be read/, /R or Q/],
    ['another letter', ['- **S1** a *(x)*'], 3, /cannot be read/, /R or Q/],
    ['a colon inside the bold', ['- **R1:** a *(x)*'], 3, /cannot be read/, /bold id/],
    ['a letter after the number', ['- **R10a** a *(x)*'], 3, /cannot be read/, /a number/],
    ['no id', ['- A sentence *(RFC 9110)*'], 3, /cannot be read/, /bold id/],
    ['no dash', ['- **R1** a *(x)*', '**R2** b *(x)*'], 4, /no list line/, /"- \*\*R7/],
    [
      'indented below another',
      ['- **R1** a *(x)*', '  - **R2** b *(x)*'],
      4,
      /indented/,
      /start of its line/,
    ],
    ['indented by a tab', ['- **R1** a *(x)*', '\t- **R2** b *(x)*'], 4, /indented/, /start of its line/],
    ['text after the citation', ['- **R1** a *(x)*', '  and more'], 4, /line 3 goes on/, /empty line/],
    ['too long', [`- **R1** ${'a '.repeat(600)}*(x)*`], 3, /characters/, /1000/],
  ])('%s', (_name, lines, line, message, expected) => {
    expect(problemsOf(core(...lines))).toEqual([
      { line, message: expect.stringMatching(message), expected: expect.stringMatching(expected) },
    ]);
  });

  test('a numbered list is read as a list', () => {
    expect(rulesOf(core('1. **R1** a *(x)*', '2. **R2** b *(x)*'))).toHaveLength(2);
  });

  test('a rule below neither heading', () => {
    const readme =
      '## Rules\n\n- **R1** a *(x)*\n\n### Core\n\n- **R2** b *(x)*\n\n### Notes\n\n- **R3** c *(x)*\n';
    expect(problemsOf(readme)).toMatchObject([
      { line: 3, message: 'R1 stands below neither "Core" nor "Extra".' },
      { line: 11, message: 'R3 stands below neither "Core" nor "Extra".' },
    ]);
  });

  test.each([
    ['', 1, 'There is no heading "Rules".'],
    ['# A server\n\n### Core\n\n- **R1** a *(x)*\n', 1, 'There is no heading "Rules".'],
    ['# A\n\n## Rules\n\n### Core\n\n### Extra\n\n- **R1** a *(x)*\n', 3, 'There are no core rules.'],
  ])('no core rules: %j', (readme, line, message) => {
    expect(problemsOf(readme)).toMatchObject([
      { line, message, expected: expect.stringContaining('"Core"') },
    ]);
  });

  test('a second heading "Rules"', () => {
    expect(problemsOf(`${README}\n## Rules\n`)).toMatchObject([
      { message: expect.stringContaining('line 5') },
    ]);
  });

  test('all of them, from top to bottom', () => {
    const problems = problemsOf(core('- **R1** a', '- **R1** b *(x)*', '  more', '- **R1** c *(x)*'));
    expect(problems.map((problem) => problem.line)).toEqual([3, 5, 6]);
  });
});

test('a large file of open brackets is read without delay', () => {
  const started = performance.now();
  expect(problemsOf('<!--'.repeat(60_000))).toHaveLength(1);
  expect(problemsOf(core(`- **R1** ${'*('.repeat(100_000)}`))).toHaveLength(1);
  expect(problemsOf(core('- **R1** a', ...Array.from({ length: 20_000 }, () => '  *(a')))).toHaveLength(1);
  expect(problemsOf(`## ${'*a '.repeat(80_000)}`)).toHaveLength(1);
  expect(problemsOf(core(...Array.from({ length: 20_000 }, () => '- **R1** a'))).length).toBe(20_000);
  expect(performance.now() - started).toBeLessThan(5_000);
});
