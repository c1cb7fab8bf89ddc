import { describe, expect, test } from 'vitest';
import {
  detailsWithout,
  diagnosisWithout,
  hintsWithout,
  mentionsOf,
  quizWithout,
  specWithout,
  walkThroughWithout,
} from './without-rules.ts';

const held = new Set(['R2', 'R10']);

const SPEC = `# Title

R2 in prose, and R20.

## Rules

### Core

- **R1** One *(a)*

### Extra

- **R2** Two goes on
  here *(b)*
- **R20** Twenty *(c)*
- **R10** Ten *(d)*

## Try
`;

describe('without some rules', () => {
  test('a spec has none of their lines, and all the others', () => {
    expect(specWithout(SPEC, held)).toBe(
      SPEC.replace(/- \*\*R2\*\*[^]*?\(b\)\*\n/, '').replace(/- \*\*R10.*\n/, ''),
    );
    expect(specWithout(SPEC, new Set())).toBe(SPEC);
  });

  test('a spec that has no extra rule left has no heading for them', () => {
    const spec = specWithout(SPEC, new Set(['R2', 'R10', 'R20']));
    expect(spec).not.toContain('Extra');
    expect(spec).toContain('- **R1** One *(a)*\n\n## Try\n');
  });

  test('hints have no section of theirs', () => {
    const hints = '# Hints\n\n## R1\n\n1. One.\n\n## R2\n\n1. Two.\n   More.\n\n## R20\n\n1. Twenty.\n';
    expect(hintsWithout(hints, held)).toBe('# Hints\n\n## R1\n\n1. One.\n\n## R20\n\n1. Twenty.\n');
  });

  test('exercise.json has no details of theirs, and stays byte for byte where it has none', () => {
    const text = '{"title":"x","rules":{"R2":{"needs":["R1"]},"R20":{"needs":["R1"]}}}';
    expect(JSON.parse(detailsWithout(text, held))).toEqual({ title: 'x', rules: { R20: { needs: ['R1'] } } });
    expect(detailsWithout('{"title":"x"}', held)).toBe('{"title":"x"}');
  });

  test('a diagnosis of theirs alone is gone; one of others does not name them', () => {
    const text = JSON.stringify({
      a: { mistake: 'm', often: 'o', breaks: ['R2', 'R10'] },
      b: { mistake: 'n', often: 'p', breaks: ['R1', 'R2'] },
      c: { mistake: 'q', often: 'r', breaks: [] },
    });
    expect(JSON.parse(diagnosisWithout(text, held))).toEqual({
      b: { mistake: 'n', often: 'p', breaks: ['R1'] },
      c: { mistake: 'q', often: 'r', breaks: [] },
    });
  });

  test('a question that speaks of them is gone', () => {
    const text = '{"questions":[{"id":"a","why":"R20"},{"id":"b","options":[{"why":"see R2."}]}]}';
    expect(JSON.parse(quizWithout(text, held))).toEqual({ questions: [{ id: 'a', why: 'R20' }] });
  });

  test('a walk-through loses what is about them alone', () => {
    const text =
      '- **R1.** One.\n- **R2.** Two\n  goes on.\n- **R2, R20.** Both.\n- **R10, R2.** These.\n\nR2 in prose.\n';
    expect(walkThroughWithout(text, held)).toBe('- **R1.** One.\n- **R2, R20.** Both.\n\nR2 in prose.\n');
  });

  test('a paragraph of a walk-through loses what is about them alone, and goes when nothing is left', () => {
    const text =
      'One.\n\n**R1.** First. **R2.** Two,\non two lines. **R20.** Last.\n\n**R10.** All of it\nis about this.\n\n**R2, R20.** Both.\n';
    expect(walkThroughWithout(text, held)).toBe(
      'One.\n\n**R1.** First. **R20.** Last.\n\n**R2, R20.** Both.\n',
    );
    expect(
      walkThroughWithout(
        '# T\n\n## A\n\n**R2.** Two.\n\n## B\n\n- **R10.** Ten.\n\n## C\n\n**R1.** One.\n',
        held,
      ),
    ).toBe('# T\n\n## C\n\n**R1.** One.\n');
  });

  test('what still names them is found by line', () => {
    expect(mentionsOf(SPEC, held)).toEqual([3, 13, 16]);
    expect(mentionsOf(SPEC, new Set())).toEqual([]);
  });
});
