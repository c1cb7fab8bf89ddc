import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, writeFiles } from '../catalog/temp-workbook.ts';
import { failed, sampleVerdict, untried } from '../verdict/sample.ts';
import { merged, requestFor, worthAnotherTry } from './judge.ts';
import type { Bench } from './judge.ts';
import { markOf } from './grades.ts';
import { OutFolder } from './out-folder.ts';
import type { Reports } from './out-folder.ts';
import { judgeOf } from './provenance.ts';
import { reportsOf } from './report.ts';
import { exerciseOf, ruleOf } from './testing/exercise.ts';
import { gradedOf, PROVENANCE } from './testing/graded.ts';

describe('a mark', () => {
  const verdict = sampleVerdict({ R3: failed({}), R10: { status: 'passed', points: 1 } });
  const rules = verdict.rules.map(({ id, tier }) => ruleOf(id, { tier }));
  const taken = (given: typeof rules) => ({
    exercise: exerciseOf(verdict.exercise, { rules: given }),
    sources: { ok: true as const, files: new Map([['src/a.ts', '']]) },
    refused: Array.from({ length: 60 }, (_, index) => ({ path: `${index}`, why: 'x' })),
  });

  test('counts every rule that is not given by the stub, also those that editions hold back', () => {
    const all = markOf(taken(rules), verdict, PROVENANCE);
    expect(all).toMatchObject({ points: rules.length - 1, maxPoints: rules.length });
    const some = rules.map((rule) => ({ ...rule, graded: rule.id === 'R10', keep: rule.id === 'R2' }));
    expect(markOf(taken(some), verdict, PROVENANCE)).toMatchObject({
      points: rules.length - 2,
      maxPoints: rules.length - 1,
      core: { passed: 8, rules: 9 },
    });
  });

  test('lists fifty refused files and counts them all', () => {
    const { refused, refusedFiles, takenFiles } = markOf(taken(rules), verdict, PROVENANCE);
    expect([refused.length, refusedFiles, takenFiles]).toEqual([50, 60, 1]);
  });
});

test('the engine is asked for the named isolation, with no variable and no Redis of the judge', () => {
  const before = process.env['REDIS_URL'];
  process.env['REDIS_URL'] = 'redis://judge.test';
  try {
    const folder = temporaryFolder();
    writeFiles(folder, { 'README.md': '', 'exercise.json': '{}' });
    const bench = { root: '/w', build: '/b', harness: '1', isolation: 'namespace' } as Bench;
    const exercise = exerciseOf('07-cache', { folder });
    const taken = { exercise, sources: { ok: true, files: new Map() }, refused: [] } as const;
    expect(requestFor(bench, taken, () => {})).toMatchObject({
      isolation: 'namespace',
      env: {},
      redisUrl: null,
      only: null,
      inspect: false,
      folder,
    });
  } finally {
    if (before === undefined) delete process.env['REDIS_URL'];
    else process.env['REDIS_URL'] = before;
  }
});

describe('a rule that hung', () => {
  const hung = { status: 'failed', cause: 'hung' } as const;

  test('is tried again alone, with those that waited for it', () => {
    const first = sampleVerdict({
      R1: failed({}, hung),
      R3: untried,
      R6: untried,
      R9: untried,
      R5: failed({}),
    });
    expect(worthAnotherTry(first)).toEqual(['R1', 'R3', 'R6', 'R9']);
    expect(worthAnotherTry(sampleVerdict({ R5: failed({}) }))).toBeNull();
    expect(worthAnotherTry(sampleVerdict())).toBeNull();
  });

  test('and what comes of it counts: the rest stays as it was', () => {
    const first = sampleVerdict({ R1: failed({}, hung), R3: untried, R5: failed({}) });
    const second = sampleVerdict({ R2: untried, R5: untried });
    const both = merged(first, second, new Set(['R1', 'R3']));
    const status = (id: string) => both.rules.find((rule) => rule.id === id)?.status;
    expect([status('R1'), status('R2'), status('R3'), status('R5')]).toEqual([
      'passed',
      'passed',
      'passed',
      'failed',
    ]);
    expect(both).toMatchObject({ status: 'failed', points: first.maxPoints - 1, mastered: false });
    const again = merged(first, sampleVerdict({ R1: failed({}, hung), R3: untried }), new Set(['R1', 'R3']));
    expect(again.points).toBe(first.points);
  });

  test('makes a pass when nothing else failed, and stays when the second try broke', () => {
    const first = sampleVerdict({ R1: failed({}, hung) });
    expect(merged(first, sampleVerdict(), new Set(['R1']))).toMatchObject({
      status: 'passed',
      mastered: true,
    });
    const error = { kind: 'harness', message: 'x', frames: [] } as const;
    const broken = sampleVerdict({}, { status: 'error', error: { ...error, frames: [] } });
    expect(merged(first, broken, new Set(['R1']))).toEqual(first);
  });

  test('a start that failed is tried again as a whole', () => {
    const error = { kind: 'load' as const, message: 'x', frames: [] };
    expect(worthAnotherTry(sampleVerdict({}, { error }))).toBe('all');
    expect(worthAnotherTry(sampleVerdict({}, { error: { ...error, kind: 'compile' } }))).toBeNull();
  });
});

describe('who judged', () => {
  const ci = {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'school/grading',
    GITHUB_RUN_ID: '12345',
    GITHUB_RUN_ATTEMPT: '2',
    GITHUB_SHA: 'a'.repeat(40),
  };
  const run = { repository: 'school/grading', runId: '12345', attempt: '2', commit: 'a'.repeat(40) };

  test('is somebody at a machine, a run of a CI, or whoever wrote the program', () => {
    expect(judgeOf({}, false)).toEqual({ judge: 'local', run: null });
    expect(judgeOf(ci, false)).toEqual({ judge: 'ci', run });
    expect(judgeOf(ci, true)).toEqual({ judge: 'self-reported', run });
    expect(judgeOf({}, true)).toEqual({ judge: 'self-reported', run: null });
  });

  test.each(['GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_RUN_ATTEMPT', 'GITHUB_SHA'])(
    'is not believed to be a CI whose %s has another form',
    (name) => {
      expect(judgeOf({ ...ci, [name]: '../x ::error::' }, false)).toEqual({ judge: 'local', run: null });
    },
  );
});

describe('the folder of a grade', () => {
  const files: Reports = reportsOf(gradedOf(sampleVerdict()));
  const names = ['grades.json', 'junit.xml', 'results.json', 'summary.md', 'verdicts'];
  const open = (path: string): OutFolder => {
    const opened = OutFolder.open(path);
    if (!opened.ok) throw new Error(opened.message);
    return opened.out;
  };

  test('is made, holds every report, and no file that is not finished', () => {
    const path = join(temporaryFolder(), 'deep', 'out');
    open(path).write(files);
    expect(readdirSync(path).toSorted()).toEqual(names);
    expect(readdirSync(join(path, 'verdicts'))).toEqual(['01-http-server.json']);
  });

  test('loses what an earlier grade left there before the next one is made, and nothing else', () => {
    const path = temporaryFolder();
    open(path).write(files);
    writeFiles(path, { 'mine.txt': 'x', 'verdicts/02-sql.json': '{}' });
    open(path);
    expect(readdirSync(path)).toEqual(['mine.txt']);
  });

  test('is not taken when it holds files of such a name that no grade has written', () => {
    const path = temporaryFolder();
    writeFileSync(join(path, 'summary.md'), 'mine');
    expect(OutFolder.open(path)).toMatchObject({
      ok: false,
      message: expect.stringContaining('"summary.md"'),
    });
    writeFileSync(join(path, 'grades.json'), '{}');
    expect(OutFolder.open(path).ok).toBe(false);
    expect(readdirSync(path).toSorted()).toEqual(['grades.json', 'summary.md']);
  });

  test('that is a file is said', () => {
    const path = join(temporaryFolder(), 'out');
    writeFileSync(path, '');
    expect(OutFolder.open(path)).toMatchObject({
      ok: false,
      message: expect.stringContaining('cannot be used'),
    });
  });

  test.runIf(process.platform !== 'win32')('is not written through a link', () => {
    const path = temporaryFolder();
    const elsewhere = temporaryFolder();
    const out = open(path);
    mkdirSync(join(elsewhere, 'x'));
    symlinkSync(elsewhere, join(path, 'verdicts'));
    expect(() => out.write(files)).toThrow('is a link');
    expect(readdirSync(elsewhere)).toEqual(['x']);
  });
});
