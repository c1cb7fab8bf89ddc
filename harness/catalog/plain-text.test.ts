import { expect, test } from 'vitest';
import { plainText } from './plain-text.ts';

test.each([
  ['plain words, 100 % of them', 'plain words, 100 % of them'],
  ['**bold** and *slanted* and _also_ and ~~gone~~', 'bold and slanted and also and gone'],
  ['***both*** and **a *nested* word**', 'both and a nested word'],
  ['`GET /health` answers *200*', 'GET /health answers 200'],
  ['**a `b*c` d**', 'a b*c d'],
  ['``a ` b`` and `` ` ``', 'a ` b and `'],
  ['an unclosed ` and an unclosed *star', 'an unclosed ` and an unclosed *star'],
  ['snake_case_name and __dirname', 'snake_case_name and __dirname'],
  ['2 * 3 * 4', '2 * 3 * 4'],
  ['`*` and `file_name_x`', '* and file_name_x'],
  ['\\*kept\\* and \\`too\\`', '*kept* and `too`'],
  ['`C:\\\\a\\b`', 'C:\\\\a\\b'],
  [
    'see [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110) and <https://example.org/a_b_c>',
    'see RFC 9110 and https://example.org/a_b_c',
  ],
  ['`/files/<name>` &lt;b&gt; &amp;lt;', '/files/<name> <b> &lt;'],
  ['two\n   lines', 'two lines'],
  ['Grüße an _Zoë_', 'Grüße an Zoë'],
])('%j → %j', (markdown, expected) => {
  expect(plainText(markdown)).toBe(expected);
});

test.each([
  ['**a `b*c` d** and `` ` ``', 'a `b*c` d and `` ` ``'],
  ['see [the *docs*](https://example.org/a_b_c)', 'see the docs (https://example.org/a_b_c)'],
])('with its ticks %j → %j', (markdown, expected) => {
  expect(plainText(markdown, { ticks: true })).toBe(expected);
});

test('a long text full of stars is stripped without delay', () => {
  expect(plainText('*a '.repeat(330)).length).toBeGreaterThan(900);
});
