import { neutralise } from '../../verdict/neutralise.ts';
import { harmlessJson } from '../../verdict/json.ts';
import { failureLines, untriedText } from '../rule-text.ts';
import type { ExerciseResult, ExportFiles, StudentResults } from './student-results.ts';

type ClassroomTest = {
  name: string;
  status: 'pass' | 'fail' | 'error';
  score: number;
  message: string;
  test_code: string;
  filename: string;
  line_no: number;
  duration: number;
};

/** What GitHub Classroom's reporter reads of one runner: base64 of this, in the variable RUNNER_RESULTS. */
export type ClassroomResult = {
  version: 1;
  status: 'pass' | 'fail' | 'error';
  max_score: number;
  tests: ClassroomTest[];
};

const MOST_TEXT = 4_000;

/** `01-http-server` → `E01HTTPSERVER`: a name that the reporter takes, and every shell as part of a variable's. */
export function runnerOf(exercise: string): string {
  return `E${exercise.toUpperCase().replace(/[^A-Z0-9]/g, '')}`;
}

/**
 * A runner for each exercise, with a test for each rule that gives points. The scores of its tests add up to what the
 * exercise counts; in the reporter's table, which goes by passed tests alone, lateness does not show.
 */
export function classroomResult({ exercise, mark, verdict }: ExerciseResult): ClassroomResult {
  const isJudged = verdict !== null && mark.status !== 'error';
  const by = new Map(verdict?.rules.map((rule) => [rule.id, rule]));
  const passing = exercise.rules.filter(({ id }) => isJudged && by.get(id)?.status === 'passed');
  // With less detail there are no rules to name: the exercise is one test.
  if (verdict === null || by.size === 0) {
    const name = `${exercise.id} ${exercise.title}`;
    const status = mark.status === 'passed' ? 'pass' : mark.status === 'failed' ? 'fail' : 'error';
    const message = mark.status === 'missing' ? 'Nothing was handed in.' : (mark.problem ?? '');
    const test = { name, status, score: mark.score, message, duration: 0 } as const;
    return { version: 1, status, max_score: mark.weight, tests: [testOf(test)] };
  }
  const tests = exercise.rules.map((rule): ClassroomTest => {
    const result = by.get(rule.id);
    const passed = isJudged && result?.status === 'passed';
    const status = passed ? 'pass' : isJudged && result?.status !== 'error' ? 'fail' : 'error';
    const message =
      passed || result === undefined
        ? ''
        : result.status === 'failed'
          ? failureLines(result)
          : untriedText(result);
    const score = passed ? mark.score / passing.length : 0;
    const duration = Math.round(result?.durationMs ?? 0);
    return testOf({ name: `${exercise.id} ${rule.id} ${rule.title}`, status, score, message, duration });
  });
  const all = tests.every(({ status }) => status === 'pass');
  return { version: 1, status: !isJudged ? 'error' : all ? 'pass' : 'fail', max_score: mark.weight, tests };
}

function testOf(
  given: Pick<ClassroomTest, 'name' | 'status' | 'score' | 'message' | 'duration'>,
): ClassroomTest {
  return {
    ...given,
    // The reporter prints both into the log of a workflow, where lines can be commands.
    name: neutralise(given.name, { maxLines: 1 }),
    message: neutralise(given.message, { maxChars: MOST_TEXT }),
    score: Math.round(given.score * 10_000) / 10_000,
    ...{ test_code: '', filename: '', line_no: 0 },
  };
}

/** STUDENT/RUNNER.json for each exercise, and STUDENT/classroom.env: lines for $GITHUB_ENV. */
export function classroomFiles({ student, results }: StudentResults): ExportFiles {
  const files: ExportFiles = new Map();
  const lines: string[] = [];
  for (const result of results) {
    const runner = runnerOf(result.exercise.id);
    const text = harmlessJson(classroomResult(result));
    files.set(`${student.student}/${runner}.json`, text);
    lines.push(`${runner}_RESULTS=${Buffer.from(text).toString('base64')}`);
  }
  const runners = results.map(({ exercise }) => runnerOf(exercise.id)).join(',');
  files.set(`${student.student}/classroom.env`, [`WORKBOOK_RUNNERS=${runners}`, ...lines, ''].join('\n'));
  return files;
}
