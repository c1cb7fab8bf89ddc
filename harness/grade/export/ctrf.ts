import { harmlessJson } from '../../verdict/json.ts';
import { neutralise } from '../../verdict/neutralise.ts';
import type { RuleResult } from '../../verdict/verdict.ts';
import { errorText, failureLines, untriedText } from '../rule-text.ts';
import type { ExerciseResult, ExportFiles, StudentResults } from './student-results.ts';

const STATUSES = ['passed', 'failed', 'skipped', 'pending', 'other'] as const;
type CtrfTest = {
  name: string;
  status: (typeof STATUSES)[number];
  duration: number;
  suite: string[];
  message?: string;
  rawStatus: string;
  tags: string[];
};

const MOST_TEXT = 4_000;

/** A student's results in the Common Test Report Format (ctrf.io, its JSON schema of specification 1.0.0). */
export function renderCtrf({ gradebook, student, results }: StudentResults): string {
  const tests = results.flatMap((result) => testsOf(result));
  const stop = Date.parse(gradebook.at);
  const duration = tests.reduce((sum, test) => sum + test.duration, 0);
  const counts = Object.fromEntries(
    STATUSES.map((status) => [status, tests.filter((test) => test.status === status).length]),
  );
  return harmlessJson({
    reportFormat: 'CTRF',
    specVersion: '1.0.0',
    timestamp: gradebook.at,
    generatedBy: 'backend-workbook',
    results: {
      tool: { name: 'backend-workbook', version: gradebook.harness },
      summary: {
        tests: tests.length,
        ...counts,
        suites: results.length,
        start: stop - duration,
        stop,
        duration,
      },
      tests,
      environment: {
        reportName: `${gradebook.assignment.name} ${student.student}`,
        ...(student.commit === null ? {} : { commit: student.commit }),
        extra: {
          isolation: gradebook.isolation,
          node: gradebook.node,
          score: student.score,
          maxScore: student.maxScore,
        },
      },
    },
  });
}

function testsOf({ exercise, mark, verdict }: ExerciseResult): CtrfTest[] {
  const suite = [exercise.id];
  const error = verdict === null ? mark.problem : errorText(verdict);
  const rules = verdict?.rules ?? [];
  const isError = mark.status === 'error';
  const each = rules.map((rule): CtrfTest => {
    const message = isError ? '' : textOf(rule);
    return {
      name: neutralise(`${rule.id} ${rule.title}`, { maxLines: 1 }),
      status: isError ? 'skipped' : STATUS[rule.status],
      duration: Math.round(rule.durationMs),
      suite,
      ...(message === '' ? {} : { message: neutralise(message, { maxChars: MOST_TEXT }) }),
      rawStatus: rule.status,
      tags: [rule.tier],
    };
  });
  if (each.length > 0 && error === null) return each;
  const status =
    mark.status === 'passed'
      ? 'passed'
      : mark.status === 'failed'
        ? 'failed'
        : mark.status === 'missing'
          ? 'skipped'
          : 'other';
  const message = error ?? (mark.status === 'missing' ? 'Nothing was handed in.' : '');
  const whole: CtrfTest = {
    ...{
      name: exercise.title === '' ? exercise.id : neutralise(exercise.title, { maxLines: 1 }),
      status,
      duration: 0,
      suite,
    },
    ...(message === '' ? {} : { message: neutralise(message, { maxChars: MOST_TEXT }) }),
    ...{ rawStatus: mark.status, tags: ['exercise'] },
  };
  return [whole, ...each];
}

/** `other`: our suite failed, not the program. */
const STATUS = { passed: 'passed', failed: 'failed', untried: 'skipped', error: 'other' } as const;

function textOf(rule: RuleResult): string {
  return rule.status === 'failed' ? failureLines(rule) : rule.status === 'untried' ? untriedText(rule) : '';
}

export function ctrfFiles(results: StudentResults): ExportFiles {
  return new Map([[`${results.student.student}.json`, renderCtrf(results)]]);
}
