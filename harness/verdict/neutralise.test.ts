import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { neutralise, neutraliseCommands } from './neutralise.ts';

describe('what acts on a terminal is shown instead', () => {
  test.each([
    ['a colour', '\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
    ['a screen that is cleared', '\u001b[2J\u001b[H', '\\x1b[2J\\x1b[H'],
    ['a link', '\u001b]8;;http://example.test\u0007x', '\\x1b]8;;http://example.test\\x07x'],
    ['a window title', '\u001b]0;title\u001b\\', '\\x1b]0;title\\x1b\\'],
    ['a device control string', '\u001bP1$r0m\u001b\\', '\\x1bP1$r0m\\x1b\\'],
    ['a sequence in one C1 character', '\u009b31m\u009d0;t\u009c', '\\x9b31m\\x9d0;t\\x9c'],
    ['a next line (U+0085)', 'a\u0085b', 'a\\x85b'],
    ['a NUL, a backspace, a delete', '\0\b\u007f', '\\x00\\x08\\x7f'],
    ['a vertical tab and a form feed', '\v\f', '\\x0b\\x0c'],
    ['a carriage return', '10 %\r100 %', '10 %\\r100 %'],
    ['a carriage return before a line break', 'ok\r\r\n', 'ok\\r\n'],
    ['line and paragraph separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['bidirectional overrides', '\u202a\u202b\u202c\u202d\u202e', '\\u202a\\u202b\\u202c\\u202d\\u202e'],
    ['bidirectional isolates', '\u2066\u2067\u2068\u2069', '\\u2066\\u2067\\u2068\\u2069'],
    ['bidirectional marks', '\u200e\u200f\u061c', '\\u200e\\u200f\\u061c'],
    [
      'zero-width characters',
      'a\u200bb\u200cc\u200dd\u2060e\ufeff',
      'a\\u200bb\\u200cc\\u200dd\\u2060e\\ufeff',
    ],
    ['a soft hyphen and a filler', '\u00ad\u3164', '\\xad\\u3164'],
    ['letters of the tag block', 'a\u{e0041}', 'a\\u{e0041}'],
    ['lone surrogates', '\ud83d and \ude00', '\\ud83d and \\ude00'],
    ['a pile of marks', 'e' + '\u0301'.repeat(6), 'e' + '\u0301'.repeat(4) + '\\u0301\\u0301'],
  ])('%s', (_name, text, shown) => {
    expect(neutralise(text)).toBe(shown);
  });

  test('no character of the first three hundred survives as a control, except tab and line feed', () => {
    const all = String.fromCharCode(...Array.from({ length: 300 }, (_, code) => code));
    const shown = neutralise(all);
    expect(shown.match(/\p{Cc}/gu)).toEqual(['\t', '\n']);
    expect(stripVTControlCharacters(shown)).toBe(shown);
  });
});

describe('what only looks special stays', () => {
  test.each([
    ['tabs and line feeds', 'a\tb\n\nc\n'],
    ['letters of other scripts', 'Jürgen 李 Ωμέγα नमस्ते ภาษาไทย'],
    ['emoji, also joined ones', '👍🏽 👨‍👩‍👧 ❤️ 👩🏽‍💻 🏳️‍🌈'],
    ['backslashes', 'C:\\new\\x1b'],
    ['colons inside a line', 'std::string at a::b'],
    ['hashes', '## heading [link] ## [x]'],
  ])('%s', (_name, text) => {
    expect(neutralise(text)).toBe(text);
  });

  test('a Windows line end becomes a line feed', () => {
    expect(neutralise('a\r\nb\r\n')).toBe('a\nb\n');
  });
});

describe('commands for a CI runner', () => {
  test.each([
    ['::error file=a.ts::text', '\\::error file=a.ts::text'],
    ['a\n::set-output name=x::1', 'a\n\\::set-output name=x::1'],
    ['  \t::stop-commands::token', '  \t\\::stop-commands::token'],
    ['\u00a0::error::x', '\u00a0\\::error::x'],
    ['\u2028::error::x', '\\u2028::error::x'],
    ['\u001b[0m::error::x', '\\x1b[0m::error::x'],
    ['::::', '\\::::'],
    ['text ##[group]x', 'text #\\#[group]x'],
    ['###[error]x', '##\\#[error]x'],
    ['##vso[task.setvariable variable=a]b', '#\\#vso[task.setvariable variable=a]b'],
    ['##TeamCity[testFailed]', '#\\#TeamCity[testFailed]'],
  ])('%j is no command any more', (text, shown) => {
    expect(neutralise(text)).toBe(shown);
  });

  test('are found behind our own colours too, and only once', () => {
    const once = neutraliseCommands('\u001b[2m  \u001b[31m::error::x');
    expect(once).toBe('\u001b[2m  \u001b[31m\\::error::x');
    expect(neutraliseCommands(once)).toBe(once);
    expect(neutraliseCommands(neutraliseCommands('##[group]'))).toBe('#\\#[group]');
  });
});

describe('limits say what they left out', () => {
  const ten = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join('\n');

  test.each([
    ['lines at the end', ten, { maxLines: 2 }, 'line 1\nline 2\n[not shown: 8 more lines]'],
    [
      'lines at the start',
      ten,
      { maxLines: 1, keep: 'end' as const },
      '[not shown: 9 earlier lines]\nline 10',
    ],
    ['one line', 'a\nb\n', { maxLines: 1 }, 'a\n[not shown: 1 more line]'],
    ['columns', 'abcdef\nab', { maxColumns: 4 }, 'abcd [+2 characters]\nab'],
    ['columns of wide characters', '李李李', { maxColumns: 5 }, '李李 [+1 characters]'],
    ['characters', 'abcdef', { maxChars: 4 }, 'abcd\n[not shown: 2 more characters]'],
    [
      'characters at the start',
      'abcdef',
      { maxChars: 5, keep: 'end' as const },
      '[not shown: 1 earlier character]\nbcdef',
    ],
    ['a character of two units as a whole', 'ab😀', { maxChars: 3 }, 'ab\n[not shown: 2 more characters]'],
    [
      'the same at the start',
      '😀ab',
      { maxChars: 3, keep: 'end' as const },
      '[not shown: 2 earlier characters]\nab',
    ],
    [
      'lines and characters',
      'a\nb\ncd',
      { maxLines: 1, maxChars: 5 },
      'a\n[not shown: 2 more lines and 1 more character]',
    ],
  ])('%s', (_name, text, limits, shown) => {
    expect(neutralise(text, limits)).toBe(shown);
  });

  test('and say nothing when all of it fits', () => {
    expect(neutralise('a\nb\n', { maxLines: 2, maxColumns: 1, maxChars: 4 })).toBe('a\nb\n');
  });

  test('a line break that a limit brings about does not set a command free', () => {
    expect(neutralise('x'.repeat(4) + '::error::y', { maxChars: 10, keep: 'end' })).toBe(
      '[not shown: 4 earlier characters]\n\\::error::y',
    );
  });
});
