import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../catalog/temp-workbook.ts';
import { parseVerdict } from '../verdict/verdict.ts';
import type { Verdict, VerdictError } from '../verdict/verdict.ts';
import { assemble } from './assemble.ts';
import type { Evidence } from './assemble.ts';
import type { CheckRequest } from './check.ts';
import { evidenceOf, requestOf, resultOf, ruleOf } from './testing/request.ts';

const CORE = [ruleOf('R1'), ruleOf('R2', { needs: ['R1'] })];
const EXTRA = ruleOf('R3', { tier: 'extra' });
const LOAD: VerdictError = { kind: 'load', message: 'it threw', frames: [] };

function verdictOf(request: CheckRequest, evidence: Evidence): Verdict {
  const { verdict } = assemble(request, evidence, 12.6);
  const read = parseVerdict(JSON.parse(JSON.stringify(verdict)));
  expect(read).toEqual({ ok: true, verdict });
  return verdict;
}

const statuses = ({ rules }: Verdict) => rules.map(({ status }) => status);

describe('a verdict', () => {
  test('is passed and mastered when every rule passed', () => {
    const verdict = verdictOf(
      requestOf([...CORE, EXTRA]),
      evidenceOf(['R1', 'R2', 'R3'].map((id) => resultOf(id))),
    );
    expect(verdict).toMatchObject({
      status: 'passed',
      mastered: true,
      points: 3,
      maxPoints: 3,
      error: null,
      durationMs: 13,
      seed: 7,
    });
    expect(verdict.rules[1]).toEqual({
      id: 'R2',
      tier: 'core',
      title: 'The title of R2',
      citation: 'RFC 9110 §15.3.1',
      needs: ['R1'],
      status: 'passed',
      cause: null,
      points: 1,
      message: null,
      exchange: null,
      evidence: 'outside',
      durationMs: 1,
    });
  });

  test('is passed and not mastered when an extra rule failed', () => {
    const results = [resultOf('R1'), resultOf('R2'), resultOf('R3', 'failed')];
    expect(verdictOf(requestOf([...CORE, EXTRA]), evidenceOf(results))).toMatchObject({
      status: 'passed',
      mastered: false,
      points: 2,
    });
  });

  test.each(['failed', 'untried'] as const)(
    'is failed when a core rule is %s, with the points of the rest',
    (status) => {
      const results = [resultOf('R1'), resultOf('R2', status), resultOf('R3')];
      const verdict = verdictOf(requestOf([...CORE, EXTRA]), evidenceOf(results));
      expect(verdict).toMatchObject({
        status: 'failed',
        mastered: false,
        points: 2,
        maxPoints: 3,
        error: null,
      });
      expect(statuses(verdict)).toEqual(['passed', status, 'passed']);
    },
  );

  test('keeps the order of the spec, whatever the order of the results', () => {
    const results = ['R3', 'R2', 'R1'].map((id) => resultOf(id));
    expect(verdictOf(requestOf([...CORE, EXTRA]), evidenceOf(results)).rules.map(({ id }) => id)).toEqual([
      'R1',
      'R2',
      'R3',
    ]);
  });

  test('gives no point for a rule that the stub keeps, and needs it for a pass', () => {
    const rules = [ruleOf('R1', { keep: true }), ruleOf('R2')];
    const kept = verdictOf(requestOf(rules), evidenceOf([resultOf('R1'), resultOf('R2')]));
    expect(kept).toMatchObject({ status: 'passed', points: 1, maxPoints: 1 });
    const broken = verdictOf(requestOf(rules), evidenceOf([resultOf('R1', 'failed'), resultOf('R2')]));
    expect(broken).toMatchObject({ status: 'failed', points: 1, maxPoints: 1 });
  });

  test('brings along what was printed, noted and how it was isolated', () => {
    const evidence = evidenceOf([resultOf('R1')], {
      output: { text: 'hi', truncated: true },
      notes: ['a note'],
    });
    expect(verdictOf(requestOf([ruleOf('R1')]), evidence)).toMatchObject({
      output: { text: 'hi', truncated: true },
      notes: ['a note'],
      isolation: 'permission',
    });
    expect(verdictOf(requestOf([ruleOf('R1')], { inspect: true }), evidence).isolation).toBe('none');
  });
});

describe('a failed rule', () => {
  test('says what the suite saw, and its fingerprint is told beside the verdict', () => {
    const { verdict, fingerprints } = assemble(
      requestOf(CORE),
      evidenceOf([resultOf('R1', 'failed'), resultOf('R2', 'untried')]),
      1,
    );
    expect(verdict.rules[0]).toMatchObject({
      status: 'failed',
      cause: 'wrong',
      message: { step: 'a step', got: '404', often: null },
    });
    expect([...fingerprints]).toEqual([['R1', '0123456789abcdef']]);
  });

  test('says what it often means when its fingerprint is known', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'hidden'));
    writeFiles(root, {
      'hidden/diagnosis.json': JSON.stringify({
        '0123456789abcdef': { mistake: 'm', often: 'exp is in seconds', breaks: ['R1', 'R2'] },
      }),
    });
    const request = requestOf(CORE);
    request.exercise.folder = root;
    const often = (second: 'untried' | 'passed') =>
      verdictOf(request, evidenceOf([resultOf('R1', 'failed'), resultOf('R2', second)])).rules[0]?.message
        ?.often;
    expect(often('untried')).toBe('exp is in seconds');
    // Who keeps a rule that this mistake breaks has not made it.
    expect(often('passed')).toBeNull();
  });

  test.each(['not JSON', '[]', '{"0123456789abcdef":{"often":1}}', '{"x":{"mistake":"m","often":"o"}}'])(
    'is judged all the same with a damaged catalogue: %s',
    (text) => {
      const root = temporaryFolder();
      writeFiles(root, { 'hidden/diagnosis.json': text });
      const request = requestOf(CORE);
      request.exercise.folder = root;
      const verdict = verdictOf(request, evidenceOf([resultOf('R1', 'failed'), resultOf('R2', 'untried')]));
      expect([verdict.status, verdict.rules[0]?.message?.often]).toEqual(['failed', null]);
    },
  );
});

describe('evidence that does not add up', () => {
  const all = ['R1', 'R2', 'R3'].map((id) => resultOf(id));

  test.each<[string, Partial<Evidence> & { results?: Evidence['results'] }, RegExp]>([
    ['a missing result', { results: all.slice(0, 2) }, /R3 has no result/],
    ['no result at all', { results: [] }, /R1 has no result/],
    ['two results of one rule', { results: [...all, resultOf('R2')] }, /R2 has 2 results/],
    [
      'a passed and a failed result of one rule',
      { results: [resultOf('R2', 'failed'), ...all] },
      /R2 has 2 results/,
    ],
    ['a result of a rule that the spec does not have', { results: [...all, resultOf('R99')] }, /R99/],
    ['a result of an inherited name', { results: [...all, resultOf('toString')] }, /toString/],
    [
      'a suite that failed itself',
      { results: [...all.slice(0, 2), resultOf('R3', 'error')] },
      /R3: TypeError: a bug of the suite/,
    ],
    ['an engine that failed', { results: all, harness: 'the suite did not end' }, /the suite did not end/],
  ])('is a failure of the harness and never a pass: %s', (_, { results = all, ...changes }, message) => {
    const verdict = verdictOf(requestOf([...CORE, EXTRA]), evidenceOf(results, changes));
    expect(verdict).toMatchObject({
      status: 'error',
      mastered: false,
      error: { kind: 'harness', message: expect.stringMatching(message) },
    });
  });

  test('marks the rules without a result', () => {
    const verdict = verdictOf(requestOf([...CORE, EXTRA]), evidenceOf([resultOf('R1')]));
    expect(statuses(verdict)).toEqual(['passed', 'error', 'error']);
  });
});

describe('a part that cannot be met', () => {
  const rules = [ruleOf('R1'), ruleOf('R2'), ruleOf('R3', { tier: 'extra', part: 'more' })];
  const untried = (ids: string[]) => ids.map((id) => resultOf(id, 'untried'));

  test('of core rules alone is an error of the program, and nothing was tried', () => {
    const verdict = verdictOf(
      requestOf([ruleOf('R1'), EXTRA]),
      evidenceOf([], { errors: new Map([['main', LOAD]]) }),
    );
    expect(verdict).toMatchObject({ status: 'error', error: LOAD, points: 0 });
    expect(statuses(verdict)).toEqual(['untried', 'untried']);
  });

  test('of extra rules does not keep core rules from passing, and is told', () => {
    const evidence = evidenceOf([resultOf('R1'), resultOf('R2'), ...untried(['R3'])], {
      errors: new Map([['more', LOAD]]),
    });
    expect(verdictOf(requestOf(rules), evidence)).toMatchObject({
      status: 'passed',
      mastered: false,
      points: 2,
      error: LOAD,
    });
  });

  test('of core rules keeps extra rules of another part from being tried alone', () => {
    const verdict = verdictOf(requestOf(rules), evidenceOf([], { errors: new Map([['main', LOAD]]) }));
    expect(verdict).toMatchObject({ status: 'error', error: LOAD });
  });

  test('beside another part of core rules leaves a failed verdict', () => {
    const two = [ruleOf('R1'), ruleOf('R2', { part: 'more' })];
    const evidence = evidenceOf([resultOf('R1'), ...untried(['R2'])], { errors: new Map([['more', LOAD]]) });
    expect(verdictOf(requestOf(two), evidence)).toMatchObject({ status: 'failed', points: 1, error: LOAD });
  });

  test('tells the error of the first part in the order of the exercise', () => {
    const other: VerdictError = { ...LOAD, message: 'the other' };
    const errors = new Map([
      ['more', other],
      ['main', LOAD],
    ]);
    expect(verdictOf(requestOf(rules), evidenceOf([], { errors })).error).toEqual(LOAD);
  });
});

describe('a check of some rules only', () => {
  test('leaves the others untried', () => {
    const verdict = verdictOf(
      requestOf([...CORE, EXTRA], { only: ['R2'] }),
      evidenceOf([resultOf('R1'), resultOf('R2')]),
    );
    expect(statuses(verdict)).toEqual(['passed', 'passed', 'untried']);
    expect(verdict.error).toBeNull();
  });

  // Positive evidence holds here too: R2 was planned, and R1, which it needs.
  test.each([[['R1']], [['R2']], [[]]])(
    'needs a result for every rule that was planned: only %j came',
    (ids) => {
      const verdict = verdictOf(
        requestOf([...CORE, EXTRA], { only: ['R2'] }),
        evidenceOf(ids.map((id) => resultOf(id))),
      );
      expect(verdict).toMatchObject({
        status: 'error',
        error: { kind: 'harness', message: expect.stringMatching(/has no result/) },
      });
    },
  );

  test('takes no result of a rule that was not planned', () => {
    const verdict = verdictOf(
      requestOf([...CORE, EXTRA], { only: ['R1'] }),
      evidenceOf([resultOf('R1'), resultOf('R3')]),
    );
    expect(verdict).toMatchObject({
      status: 'error',
      error: { kind: 'harness', message: expect.stringContaining('R3') },
    });
  });
});
