import { failed, sampleVerdict, untried } from '../../verdict/sample.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { withDetail } from '../detail.ts';
import type { Detail } from '../detail.ts';
import type { Graded } from '../grade.ts';
import { GRADES_SCHEMA, markOf } from '../grades.ts';
import type { Provenance } from '../provenance.ts';
import { exerciseOf, ruleOf } from './exercise.ts';

/** For tests: signs that mean something to every reader of a report. */
export const HOSTILE =
  ']]><script>alert(1)</script>&amp;"\'\n::stop-commands::x\n```\n|@everyone|[x](javascript:alert(1))\u0000\u001b[2J\u202e\ud800\ufffe=1+1,%0A';

export const PROVENANCE: Provenance = {
  judge: 'local',
  run: null,
  at: '2031-01-01T00:00:00.000Z',
  harness: '0.1.0',
  harnessDigest: 'c'.repeat(64),
  suiteDigest: 'a'.repeat(64),
  commit: null,
  filesDigest: 'b'.repeat(64),
};

/** For tests: a verdict of a program that put hostile signs wherever it can. */
export function hostileVerdict(given: Partial<Verdict> = {}): Verdict {
  const message = { step: HOSTILE, sent: HOSTILE, expected: HOSTILE, got: HOSTILE, note: HOSTILE };
  return sampleVerdict(
    { R1: failed(message), R3: untried, R6: untried, R7: failed(message, { cause: 'hung' }) },
    {
      output: { text: HOSTILE, truncated: true },
      notes: [HOSTILE],
      ...given,
    },
  );
}

/** For tests: a grade of one exercise, as it would be reported. */
export function gradedOf(verdict: Verdict, detail: Detail = 'full', title = 'HTTP'): Graded {
  const exercise = exerciseOf(verdict.exercise, {
    title,
    rules: verdict.rules.map(({ id, tier }) => ruleOf(id, { tier })),
  });
  const refused = [{ path: 'src/x.ts', why: HOSTILE }];
  const mark = markOf({ exercise, sources: { ok: true, files: new Map() }, refused }, verdict, PROVENANCE);
  return {
    grades: {
      schema: GRADES_SCHEMA,
      submission: { kind: 'folder', commit: null },
      detail,
      passed: mark.status === 'passed',
      points: mark.points,
      maxPoints: mark.maxPoints,
      exercises: [mark],
    },
    judged: [{ exercise, verdict: withDetail(verdict, detail) }],
  };
}
