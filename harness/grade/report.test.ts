import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sampleVerdict } from '../verdict/sample.ts';
import { parseVerdict } from '../verdict/verdict.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { renderAnnotations } from './annotations.ts';
import type { Detail } from './detail.ts';
import { parseGrades } from './grades.ts';
import type { Graded } from './grade.ts';
import { reportsOf } from './report.ts';
import { gradedOf, hostileVerdict, HOSTILE } from './testing/graded.ts';

const reports = (graded: Graded): Record<string, string> => Object.fromEntries(reportsOf(graded));
const json = (text: string | undefined): unknown => JSON.parse(text ?? '');

type Tag = { name: string; attributes: Record<string, string>; text: string; inside: Tag[] };

/** A strict reading of XML 1.0. Throws where the text is none. */
function readXml(document: string): Tag {
  const top: Tag = { name: '', attributes: {}, text: '', inside: [] };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const tag: Tag = { name, attributes: attributes as Record<string, string>, text: '', inside: [] };
    open.at(-1)?.inside.push(tag);
    open.push(tag);
  });
  parser.on('text', (text) => ((open.at(-1) as Tag).text += text));
  parser.on('closetag', () => void open.pop());
  parser.write(document).close();
  return top.inside[0] as Tag;
}

/** results.json, as Gradescope's documentation describes it. */
const gradescope = z.strictObject({
  score: z.number(),
  output: z.string(),
  output_format: z.literal('text'),
  visibility: z.enum(['hidden', 'after_due_date', 'after_published', 'visible']),
  stdout_visibility: z.enum(['hidden', 'after_due_date', 'after_published', 'visible']),
  tests: z.array(
    z.strictObject({
      name: z.string(),
      name_format: z.literal('text'),
      score: z.number(),
      max_score: z.number(),
      status: z.enum(['passed', 'failed']),
      output: z.string(),
      output_format: z.literal('text'),
      visibility: z.enum(['hidden', 'after_due_date', 'after_published', 'visible']),
    }),
  ),
});

const unseen = /(?!\n)[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

describe('a program that puts hostile signs wherever it can', () => {
  const graded = gradedOf(hostileVerdict());
  const files = reports(graded);

  test('gets a grades.json and a verdict that are read back as they were', () => {
    const read = parseGrades(json(files['grades.json']));
    expect(read).toMatchObject({ ok: true, grades: { passed: false, points: graded.grades.points } });
    const verdict = parseVerdict(json(files['verdicts/01-http-server.json']));
    expect(verdict.ok && verdict.verdict.output.text).toBe(HOSTILE.replace('\ud800', '\ufffd'));
  });

  test('gets no report with a character in it that acts instead of being seen', () => {
    for (const [name, text] of Object.entries(files))
      expect(`${name}: ${unseen.exec(text)?.[0]}`).toBe(`${name}: undefined`);
    expect(renderAnnotations(graded)).not.toMatch(unseen);
  });

  test('gets JUnit XML with one test for each rule, and the counts are right', () => {
    const suites = readXml(files['junit.xml'] ?? '');
    expect(suites.name).toBe('testsuites');
    const [suite] = suites.inside;
    const cases = suite?.inside.filter(({ name }) => name === 'testcase') ?? [];
    const rules = hostileVerdict().rules;
    expect(cases.map(({ attributes }) => attributes.name)).toEqual(
      rules.map(({ id, title }) => `${id} ${title}`),
    );
    const outcomes = cases.map(({ inside }) => inside[0]?.name ?? 'passed');
    expect(outcomes.slice(0, 8)).toEqual([
      'failure',
      'passed',
      'skipped',
      'passed',
      'passed',
      'skipped',
      'failure',
      'passed',
    ]);
    for (const each of [suites, suite]) {
      expect(each?.attributes).toMatchObject({
        tests: String(rules.length),
        failures: '2',
        errors: '0',
        skipped: '2',
      });
    }
    expect(cases[6]?.inside[0]?.attributes.type).toBe('hung');
    expect(cases[0]?.inside[0]?.text).toContain('<script>alert(1)</script>&amp;"\'');
  });

  test('gets a results.json that Gradescope takes, whose points are those of the grade', () => {
    const results = gradescope.parse(json(files['results.json']));
    expect(results.score).toBe(graded.grades.points);
    expect(results.tests.reduce((sum, { score }) => sum + score, 0)).toBe(graded.grades.points);
    expect(results.tests.reduce((sum, each) => sum + each.max_score, 0)).toBe(graded.grades.maxPoints);
  });

  test('gets annotations of a line each, and none of its own', () => {
    const lines = renderAnnotations(graded).trimEnd().split('\n');
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^::error title=01-http-server R\d /);
  });

  test('gets a page without a link, an image, a mention or a tag of its own', () => {
    const page = files['summary.md'] ?? '';
    const own = page.replace(/<(code|pre)>[^<]*<\/\1>/g, '');
    expect(own).not.toMatch(/[<>@[\]`]|https?:/);
    expect(own).not.toContain('everyone');
  });
});

describe('a program that could not be judged', () => {
  const error = {
    kind: 'load',
    message: HOSTILE,
    frames: [{ file: 'src/a,b:c.ts', line: 3, column: 7, name: null }],
  } as const;
  const rules = sampleVerdict().rules.map((rule) => ({ ...rule, status: 'untried' as const, points: 0 }));
  const verdict = hostileVerdict({
    status: 'error',
    mastered: false,
    error: { ...error, frames: [...error.frames] },
    rules,
    points: 0,
  });

  test('is an error and no failure, and points to the line', () => {
    const files = reports(gradedOf(verdict));
    const [suite] = readXml(files['junit.xml'] ?? '').inside;
    expect(suite?.attributes).toMatchObject({ failures: '0', errors: '1', skipped: String(rules.length) });
    expect(renderAnnotations(gradedOf(verdict))).toMatch(
      /^::error file=exercises\/01-http-server\/src\/a%2Cb%3Ac\.ts,line=3,col=7,title=01-http-server::[^\n]*\n$/,
    );
    expect(gradescope.parse(json(files['results.json'])).score).toBe(0);
  });

  test('gets no points for rules that a broken run called passed', () => {
    const broken: Verdict = {
      ...sampleVerdict(),
      status: 'error',
      error: { kind: 'harness', message: 'x', frames: [] },
    };
    const graded = gradedOf(broken);
    expect(graded.grades).toMatchObject({ passed: false, points: 0 });
    const { tests } = gradescope.parse(json(reports(graded)['results.json']));
    expect(tests.every(({ score, status }) => score === 0 && status === 'failed')).toBe(true);
  });
});

describe('with less detail', () => {
  const everything = (detail: Detail, verdict = hostileVerdict()): string =>
    [...reportsOf(gradedOf(verdict, detail)).values()].join('\n') +
    renderAnnotations(gradedOf(verdict, detail));
  const secret = {
    step: 'SECRET',
    sent: 'SECRET',
    expected: 'SECRET',
    got: 'SECRET',
    note: 'SECRET',
    often: 'SECRET',
  };
  const rules = hostileVerdict().rules.map((rule) =>
    rule.message === null ? rule : { ...rule, message: secret, cause: 'hung' as const, durationMs: 77_777 },
  );
  const telling = hostileVerdict({
    rules,
    output: { text: 'SECRET', truncated: false },
    notes: ['SECRET'],
    seed: 424_242,
    durationMs: 99_999,
    error: { kind: 'load', message: 'SECRET', frames: [{ file: 'SECRET', line: 1, column: 1, name: null }] },
  });

  test('full tells all of it', () => {
    for (const text of ['SECRET', '424242', '99999', '77777', 'hung'])
      expect(everything('full', telling)).toContain(text);
  });

  test.each(['rules', 'score'] as const)(
    '%s tells nothing that a program could say or show by its end',
    (detail) => {
      const text = everything(detail, telling);
      for (const word of ['SECRET', '424242', '99999', '77777', '77.777', 'hung'])
        expect(text).not.toContain(word);
    },
  );

  test('what the suite says of its own failure is not told', () => {
    const broken = hostileVerdict({
      status: 'error',
      error: { kind: 'harness', message: 'SECRET of the suite', frames: [] },
    });
    expect(everything('rules', broken)).not.toContain('SECRET');
    expect(everything('rules', broken)).toContain('The workbook itself failed');
  });

  test('rules tells how each rule ended, and score not even that', () => {
    expect(everything('rules')).toContain('R7 POST /echo');
    expect(everything('score')).not.toContain('R7');
    const score = reports(gradedOf(hostileVerdict(), 'score'));
    const { tests } = gradescope.parse(json(score['results.json']));
    expect(tests).toMatchObject([{ score: gradedOf(hostileVerdict()).grades.points, status: 'failed' }]);
    const [suite] = readXml(score['junit.xml'] ?? '').inside;
    expect(suite?.attributes).toMatchObject({ tests: '1', failures: '1' });
  });

  test('score tells programs apart by nothing but their points', () => {
    const silent = hostileVerdict({ output: { text: '', truncated: false }, notes: [], durationMs: 1 });
    const printing = hostileVerdict({ output: { text: 'asked', truncated: true }, notes: ['x'], seed: 9 });
    expect(everything('score', printing)).toBe(everything('score', silent));
    expect(everything('rules', printing)).not.toBe(everything('rules', silent));
  });

  test('the mark is the same', () => {
    for (const detail of ['rules', 'score'] as const) {
      expect(gradedOf(telling, detail).grades.exercises).toEqual(gradedOf(telling, 'full').grades.exercises);
    }
  });
});
