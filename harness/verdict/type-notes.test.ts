import { expect, test } from 'vitest';
import { renderTypeNotes } from './type-notes.ts';

const plain = { colour: false, columns: 80, unicode: true, folder: 'exercises/01-http-server' };
const note = {
  file: 'src/server.ts',
  line: 3,
  column: 7,
  text: "TS2322: Type 'string' is not assignable to type 'number'.",
};

test('says nothing when nothing was found', () => {
  expect(renderTypeNotes([], plain)).toBe('');
});

test('names the place and the finding, and that it decides nothing', () => {
  expect(renderTypeNotes([note], plain)).toBe(`
Types (what the TypeScript compiler found; it decides nothing)
  exercises/01-http-server/src/server.ts:3:7
    TS2322: Type 'string' is not assignable to type 'number'.
`);
});

test('cuts a long list, and says so', () => {
  const text = renderTypeNotes(
    Array.from({ length: 7 }, () => note),
    plain,
  );
  expect(text.split('src/server.ts').length - 1).toBe(5);
  expect(text).toContain('and 2 more findings');
});

test('text of the learner cannot act on a terminal or a CI log', () => {
  const text = renderTypeNotes([{ ...note, text: '\x1b[2J\n::error::boo' }], plain);
  expect(text).not.toContain('\x1b');
  expect(text).toContain('\\::error');
});
