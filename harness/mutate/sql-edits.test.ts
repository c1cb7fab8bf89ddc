import { expect, test } from 'vitest';
import { edited, fileMutants } from './mutant.ts';
import { sqlEdits } from './sql-edits.ts';

/** Every changed text, with its gaps made one space. */
function changed(text: string, mutator?: string): string[] {
  return sqlEdits(text)
    .filter((edit) => mutator === undefined || edit.mutator === mutator)
    .map((edit) => edited(text, edit).replaceAll(/\s+/g, ' ').trim());
}

test.each([
  ['Comparison', 'SELECT 1 WHERE a < b', ['SELECT 1 WHERE a <= b', 'SELECT 1 WHERE a >= b']],
  ['Comparison', 'SELECT 1 WHERE a <> b', ['SELECT 1 WHERE a = b']],
  ['Join', 'SELECT 1 FROM a LEFT JOIN b', ['SELECT 1 FROM a JOIN b']],
  ['Join', 'SELECT 1 FROM a FULL JOIN b', ['SELECT 1 FROM a LEFT JOIN b']],
  ['Join', 'SELECT 1 FROM a JOIN b', ['SELECT 1 FROM a LEFT JOIN b']],
  [
    'Order',
    'SELECT a ORDER BY f(a, b), c DESC LIMIT 3',
    ['SELECT a ORDER BY f(a, b) DESC, c DESC LIMIT 3', 'SELECT a ORDER BY f(a, b), c ASC LIMIT 3'],
  ],
  [
    'Order',
    'SELECT rank() OVER (PARTITION BY a ORDER BY b) AS place',
    ['SELECT rank() OVER (PARTITION BY a ORDER BY b DESC) AS place'],
  ],
  ['Distinct', 'SELECT count(DISTINCT a)', ['SELECT count(a)']],
  ['Number', 'SELECT a LIMIT 10', ['SELECT a LIMIT 11']],
  ['Coalesce', 'SELECT coalesce(f(a, b), 0)', ['SELECT (f(a, b))']],
  ['Union', 'SELECT 1 UNION ALL SELECT 2', ['SELECT 1 UNION SELECT 2']],
  ['Logic', 'SELECT 1 WHERE a OR b', ['SELECT 1 WHERE a AND b']],
  ['Logic', 'SELECT 1 WHERE NOT EXISTS (SELECT 1)', ['SELECT 1 WHERE EXISTS (SELECT 1)']],
  ['Null', 'SELECT 1 WHERE a IS NULL', ['SELECT 1 WHERE a IS NOT NULL']],
])('%s of %s', (mutator, text, wanted) => {
  expect(changed(text, mutator)).toEqual(wanted);
});

test.each([
  [
    'SELECT 1 FROM a JOIN b ON b.x = a.x WHERE a.y = 1 AND a.z > 2 ORDER BY 1',
    [
      'SELECT 1 FROM a JOIN b ON 1 WHERE a.y = 1 AND a.z > 2 ORDER BY 1',
      'SELECT 1 FROM a JOIN b ON b.x = a.x WHERE 1 AND a.z > 2 ORDER BY 1',
      'SELECT 1 FROM a JOIN b ON b.x = a.x WHERE a.y = 1 ORDER BY 1',
    ],
  ],
  ['SELECT 1 WHERE a BETWEEN 1 AND 5 AND b', ['SELECT 1 WHERE 1 AND b', 'SELECT 1 WHERE a BETWEEN 1 AND 5']],
  [
    'SELECT (SELECT 1 WHERE a = 1) WHERE b',
    ['SELECT (SELECT 1 WHERE 1) WHERE b', 'SELECT (SELECT 1 WHERE a = 1) WHERE 1'],
  ],
  ['CREATE INDEX i ON t (a)', []],
])('drops each term of %s', (text, wanted) => {
  expect(changed(text, 'DroppedTerm')).toEqual(wanted);
});

test('drops each constraint', () => {
  const text =
    'CREATE TABLE t (a INTEGER NOT NULL REFERENCES u (id) ON DELETE CASCADE, b TEXT UNIQUE CHECK (b > (1)), UNIQUE (a, b)) STRICT';
  expect(changed(text, 'DroppedConstraint')).toEqual(
    [
      text.replace('NOT NULL ', ''),
      text.replace(' REFERENCES u (id) ON DELETE CASCADE', ' '),
      text.replace(' ON DELETE CASCADE', ' '),
      text.replace('TEXT UNIQUE', 'TEXT'),
      text.replace(' CHECK (b > (1))', ' '),
      text.replace(', UNIQUE (a, b)', ''),
      text.replace(' STRICT', ''),
    ].map((each) => each.replaceAll(/ (?=,)/g, ' ').trim()),
  );
});

test('leaves comments and quoted names alone', () => {
  expect(changed('-- a < 1\nSELECT "x = 1" /* LIMIT 3 */')).toEqual([]);
});

test('each change is one mutant, with the line where it stands', () => {
  const [first] = fileMutants('src/q.sql', 'SELECT a\n  LIMIT 10;\n', sqlEdits('SELECT a\n  LIMIT 10;\n'));
  expect(first).toMatchObject({
    line: 2,
    lineText: 'LIMIT 10;',
    original: '10',
    replacement: '11',
    how: { kind: 'file', text: 'SELECT a\n  LIMIT 11;\n' },
  });
});
