import { expect, test } from 'vitest';
import { renderJson } from './json.ts';
import { failed, sampleVerdict } from './sample.ts';
import { parseVerdict, type Verdict } from './verdict.ts';

function printing(text: string): Verdict {
  return sampleVerdict({ R2: failed({ got: text }) }, { output: { text, truncated: false } });
}

test('what is read back is the verdict that was written', () => {
  const verdict = printing(
    'a "quote", a \\, a\ttab,\r\n\u001b[31m \u009b \u2028 \u202e \u{e0041} 👨‍👩‍👧 李 ##[group]',
  );
  expect(parseVerdict(JSON.parse(renderJson(verdict)))).toEqual({ ok: true, verdict });
});

test('is indented by two spaces and ends with one line feed', () => {
  const text = renderJson(sampleVerdict());
  expect(text).toMatch(/^\{\n  "schema": 1,\n  "exercise": "01-http-server",\n/);
  expect(text).toMatch(/[^\n]\n$/);
});

test('lone surrogates become the replacement character', () => {
  const text = renderJson(printing('half \ud83d pair'));
  expect(JSON.parse(text)).toMatchObject({ output: { text: 'half \ufffd pair' } });
  expect(text).not.toMatch(/\\ud83d/i);
});

test('holds nothing that acts on a terminal or on a CI runner', () => {
  const all = String.fromCharCode(...Array.from({ length: 300 }, (_, code) => code));
  const text = renderJson(printing(`${all}\u2028\u202e\u200b\u{e0041}\n::error::x\n##[group]y ##vso[z]`));
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}|\p{Default_Ignorable_Code_Point}/u);
  expect(text).not.toMatch(/^\s*::/m);
  expect(text).not.toMatch(/##\w*\[/);
});
