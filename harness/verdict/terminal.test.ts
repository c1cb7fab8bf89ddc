import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { width } from './layout.ts';
import { failed, sampleVerdict, untried, type Endings } from './sample.ts';
import { plain, stubVerdict, wrongLength } from './sample-terminal.ts';
import { renderVerdict, type RenderOptions } from './terminal.ts';
import type { Verdict, VerdictError } from './verdict.ts';

const middle: Endings = {
  R5: wrongLength,
  R7: failed({ expected: '415', got: '200' }),
  R8: failed({ expected: '500', got: 'the connection was closed' }, { cause: 'crashed' }),
  R9: failed({ expected: '200', got: '404' }),
  R10: failed({ expected: '200', got: '404' }),
  ...Object.fromEntries(['R11', 'R12', 'R13', 'R15', 'R16'].map((id) => [id, untried])),
  R14: failed({ expected: 'all ten', got: 'one' }, { cause: 'hung' }),
  R17: failed({ expected: '200', got: '404' }),
  R18: failed({ expected: 'ok: true', got: 'ok: false' }),
  R19: untried,
  R20: untried,
};

const extrasOpen: Endings = {
  R10: failed({
    step: 'HEAD /health',
    sent: 'HEAD /health',
    expected: '200 and no body',
    got: '404 and no body',
  }),
  ...Object.fromEntries(
    ['R11', 'R12', 'R13', 'R14', 'R16', 'R17', 'R18'].map((id) => [
      id,
      failed({ expected: '400', got: '200' }),
    ]),
  ),
};

function stopped(error: VerdictError, given: Partial<Verdict> = {}): Verdict {
  const endings = Object.fromEntries(sampleVerdict().rules.map((rule) => [rule.id, untried]));
  return sampleVerdict(endings, { status: 'error', error, ...given });
}

const hung: Endings = {
  ...middle,
  R5: failed(
    {
      step: 'a name with umlauts',
      sent: 'GET /hello?name=J%C3%BCrgen',
      expected: 'an answer within 2 seconds',
      got: 'no answer',
      note: 'The event loop stood still: your program was busy the whole time and could answer nobody.',
    },
    { cause: 'hung' },
  ),
};

const crashed: Endings = {
  ...middle,
  R5: failed(
    {
      step: 'a name with umlauts',
      sent: 'GET /hello?name=J%C3%BCrgen',
      expected: 'the program stays up',
      got: "it ended with an error nobody caught: TypeError: Cannot read properties of null (reading 'length')",
    },
    { cause: 'crashed' },
  ),
};

const crashText = [
  "TypeError: Cannot read properties of null (reading 'length')",
  '    at greet (exercises/01-http-server/src/server.ts:21:34)',
  '    at Server.<anonymous> (exercises/01-http-server/src/server.ts:9:5)',
  '    at Server.emit (node:events:524:28)',
  '',
].join('\n');

const hostile = [
  'listening on \u001b[2J\u001b[31mport\u001b[0m 4000\u0007',
  '\u001b]8;;http://example.test/\u001b\\click here\u001b]8;;\u001b\\',
  '10 %\r20 %\rall rules passed',
  'user\u202egnp.exe',
  '::error file=src/server.ts,line=1::not what you think',
  '  ::stop-commands::pause',
  'and then ##[group]a heading',
  'half a pair: \ud83d, nothing to see: a\u200bb',
].join('\r\n');

/** Each is compared whole with expected/<name>.txt. Look at the file when you change one: a beginner reads it. */
const renderings: [name: string, verdict: Verdict, options: Partial<RenderOptions>][] = [
  ['untouched-stub', stubVerdict, { firstTry: true }],
  ['untouched-stub-ascii', stubVerdict, { firstTry: true, unicode: false }],
  ['failing-in-the-middle', sampleVerdict(middle), {}],
  [
    'failing-in-the-middle-ascii-with-output',
    sampleVerdict(middle, {
      output: { text: Array.from({ length: 40 }, (_, i) => `request ${i + 1}\n`).join(''), truncated: true },
      notes: [
        'Your program ended once between two rules; it was started again. What it kept in memory was gone.',
      ],
    }),
    { unicode: false },
  ],
  ['failing-in-the-middle-200-columns', sampleVerdict(middle), { columns: 200 }],
  ['failing-in-the-middle-40-columns', sampleVerdict(middle), { columns: 40 }],
  ['passed-and-unlocked', sampleVerdict(extrasOpen), { opened: ['02-sql'] }],
  ['passed-again', sampleVerdict(extrasOpen), { recorded: false }],
  ['mastered', sampleVerdict(), {}],
  [
    'compile-error',
    stopped({
      kind: 'compile',
      message: 'Expected ")" but found "{"',
      frames: [{ file: 'src/server.ts', line: 14, column: 38, name: null }],
    }),
    {},
  ],
  [
    'import-error',
    stopped({
      kind: 'import',
      message: '"express" is not one of the packages of this exercise.',
      frames: [{ file: 'src/server.ts', line: 1, column: 20, name: null }],
    }),
    {},
  ],
  [
    'load-crash',
    stopped(
      {
        kind: 'load',
        message: "TypeError: Cannot read properties of undefined (reading 'listen')",
        frames: [
          { file: 'src/routes.ts', line: 7, column: 12, name: 'buildRoutes' },
          { file: 'src/server.ts', line: 3, column: 16, name: null },
        ],
      },
      { output: { text: 'starting …\n', truncated: false } },
    ),
    {},
  ],
  [
    'missing-export',
    stopped({ kind: 'export', message: 'src/server.ts exports start, but no createServer.', frames: [] }),
    {},
  ],
  [
    'unreadable-files',
    stopped({ kind: 'files', message: 'reading src/server.ts: the file does not exist', frames: [] }),
    {},
  ],
  ['harness-failure', stopped({ kind: 'harness', message: 'The suite did not start.', frames: [] }), {}],
  ['hung-rule', sampleVerdict(hung), {}],
  ['crashed-rule', sampleVerdict(crashed, { output: { text: crashText, truncated: false } }), {}],
  [
    'one-part-stopped',
    sampleVerdict(
      { ...middle, R18: untried },
      {
        error: {
          kind: 'compile',
          message: 'Unexpected end of file',
          frames: [{ file: 'src/parse-request.ts', line: 31, column: 2, name: null }],
        },
      },
    ),
    {},
  ],
  [
    'hostile-output',
    sampleVerdict(
      { ...middle, R5: failed({ step: 'a name', sent: 'GET /hello?name=x', expected: '200', got: hostile }) },
      { output: { text: hostile, truncated: false } },
    ),
    {},
  ],
  ['one-rule-failed', sampleVerdict({ R5: wrongLength }), { only: 'R5' }],
  [
    'one-rule-passed',
    sampleVerdict({}, { output: { text: 'name: Jürgen\n', truncated: false } }),
    { only: 'R5' },
  ],
  [
    'one-rule-waits',
    sampleVerdict({ R2: failed({ sent: 'GET /hello', expected: 'Hello, World!', got: '404' }), R5: untried }),
    { only: 'R5' },
  ],
  ['one-rule-failed-so-far', sampleVerdict({ R5: wrongLength }), { only: 'R5', goesOn: true }],
  ['one-rule-passed-so-far', sampleVerdict(), { only: 'R5', goesOn: true }],
  ['rule-that-could-not-be-judged', sampleVerdict({ R4: { status: 'error' } }), {}],
];

describe('a verdict in the terminal', () => {
  test.each(renderings)('reads as in expected/%s.txt', async (name, verdict, options) => {
    await expect(renderVerdict(verdict, { ...plain, ...options })).toMatchFileSnapshot(
      `expected/${name}.txt`,
    );
  });
});

const everything = renderings.map(([name, verdict, options]) => ({
  name,
  verdict,
  options: { ...plain, ...options },
}));

describe('every rendering', () => {
  test.each(everything)('$name fits into 80 and into 200 columns', ({ verdict, options }) => {
    for (const columns of [80, 200]) {
      const lines = renderVerdict(verdict, { ...options, columns }).split('\n');
      expect(lines.filter((line) => width(line) > columns)).toEqual([]);
    }
  });

  test.each(everything)('$name says the same without colours', ({ verdict, options }) => {
    const coloured = renderVerdict(verdict, { ...options, colour: true });
    expect(coloured).toContain('\u001b[');
    expect(stripVTControlCharacters(coloured)).toBe(renderVerdict(verdict, options));
  });

  test.each(everything)('$name names only commands that exist', ({ verdict, options }) => {
    const commands = renderVerdict(verdict, options).match(/npm run \S+/g) ?? [];
    const existing = ['check', 'list', 'hint', 'serve', 'solution', 'unlock', 'skip'].map(
      (name) => `npm run ${name}`,
    );
    expect(commands.filter((command) => !existing.includes(command))).toEqual([]);
  });

  test('is plain ASCII where the terminal cannot show more', () => {
    for (const { verdict, options } of everything) {
      const text = renderVerdict(verdict, { ...options, unicode: false });
      expect(text.replaceAll(/[ü…]/gu, '')).toMatch(/^[\n\x20-\x7e]*$/);
    }
  });
});

describe('text from the program', () => {
  test('reaches the terminal without a control character, wherever it came from', () => {
    const message = {
      step: hostile,
      sent: hostile,
      expected: hostile,
      got: hostile,
      note: hostile,
      often: hostile,
    };
    const given = {
      title: hostile,
      citation: hostile,
      exchange: { method: hostile, target: hostile, headers: [], body: null, raw: hostile },
    };
    const frames = [{ file: hostile, line: 1, column: 1, name: hostile }];
    const foreign = {
      output: { text: hostile, truncated: false },
      notes: [hostile],
      node: hostile,
      exercise: hostile,
    };
    const bad = [
      sampleVerdict({ R1: failed(message, given) }, foreign),
      sampleVerdict({ R1: failed({ ...message, sent: null }, given) }, foreign),
      stopped({ kind: 'load', message: hostile, frames }, foreign),
      stopped({ kind: 'harness', message: hostile, frames }, foreign),
    ];
    for (const verdict of bad) {
      for (const only of [null, 'R1']) {
        const text = renderVerdict(verdict, { ...plain, exerciseTitle: hostile, opened: [hostile], only });
        expect(text.replaceAll('\n', '')).not.toMatch(
          /\p{Cc}|\p{Cs}|\p{Default_Ignorable_Code_Point}|\u2028/u,
        );
        expect(text).not.toMatch(/^\s*::|##\[/mu);
      }
    }
  });

  test('does not become a command by being wrapped', () => {
    for (let before = 0; before < 200; before++) {
      const text = `${'x'.repeat(before)} ::error::a${'y'.repeat(before)}::error::b`;
      const verdict = sampleVerdict(
        { R1: failed({ got: text, note: text }) },
        { output: { text, truncated: false }, notes: [text] },
      );
      for (const colour of [false, true]) {
        const shown = renderVerdict(verdict, { ...plain, colour });
        expect(stripVTControlCharacters(shown)).not.toMatch(/^\s*::/mu);
      }
    }
  });
});

test('when it is due is the last line of a verdict of all rules, made harmless', () => {
  const due = 'due Fri 4 Dec 23:59 UTC, in 3 days (a\u001b[2J)';
  const lines = renderVerdict(sampleVerdict(), { ...plain, due })
    .trimEnd()
    .split('\n');
  expect(lines.at(-1)).toBe('due Fri 4 Dec 23:59 UTC, in 3 days (a\\x1b[2J)');
  expect(renderVerdict(sampleVerdict(), { ...plain, due, only: 'R1' })).not.toContain('due Fri');
});

describe('which rule comes next', () => {
  test('core rules come before extra ones with a lower number', () => {
    const verdict = sampleVerdict({
      R3: failed({ got: '200' }, { tier: 'extra' }),
      R8: failed({ got: '200' }),
    });
    expect(renderVerdict(verdict, plain)).toMatch(/\nnext: R8 · 7 of 8 core\n$/);
  });

  test('a rule that waits for another does not', () => {
    const verdict = sampleVerdict({ R2: failed({ got: 'x' }, { needs: ['R9'] }), R9: failed({ got: 'x' }) });
    expect(renderVerdict(verdict, plain)).toMatch(/\nnext: R9 · 7 of 9 core\n$/);
  });
});

describe('the invitation', () => {
  test('does not count what the stub keeps already', () => {
    const verdict = sampleVerdict({
      ...Object.fromEntries(stubVerdict.rules.map((rule) => [rule.id, rule])),
      R1: { points: 0 },
    });
    const text = renderVerdict(verdict, { ...plain, firstTry: true });
    expect(text).toContain('Your task: 8 rules\n');
    expect(text).toContain('Already kept by the code you start from: R1.');
    expect(text).toContain('Start with R2: ');
  });

  test('gives way to results once there is a point', () => {
    const verdict = sampleVerdict({ R2: failed({ got: '404' }) });
    expect(renderVerdict(verdict, { ...plain, firstTry: true })).not.toContain('Your task');
  });

  test('names the folder that the files really come from', () => {
    const text = renderVerdict(stubVerdict, { ...plain, firstTry: true, folder: '../mine' });
    expect(text).toContain('  edit      ../mine/src/\n');
  });
});
