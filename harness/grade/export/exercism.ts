import { harmlessJson } from '../../verdict/json.ts';
import { neutralise } from '../../verdict/neutralise.ts';
import type { RuleResult } from '../../verdict/verdict.ts';
import { errorText, failureLines, untriedText } from '../rule-text.ts';
import type { ExerciseResult, ExportFiles, StudentResults } from './student-results.ts';

/** The interface allows 65,535 for a message and 500 for output. */
const MOST_MESSAGE = 10_000;
const MOST_OUTPUT = 500;
const CUT = '\nOutput was truncated. Please limit to 500 chars';

/**
 * results.json of a test runner for Exercism, version 3 (exercism.org/docs/building/tooling/test-runners/interface): one
 * test for each rule, in the order of the spec; `task_id` is its place there. The suites are hidden, so `test_code` is what
 * was sent, or the sentence of the rule.
 */
export function renderExercism({ exercise, mark, verdict }: ExerciseResult): string {
  const rules = verdict?.rules ?? [];
  if (verdict === null || mark.status === 'error' || mark.status === 'missing') {
    const said =
      mark.status === 'missing'
        ? 'Nothing was handed in.'
        : ((verdict && errorText(verdict)) ?? mark.problem);
    const message = neutralise(said ?? 'It could not be judged.', { maxChars: MOST_MESSAGE });
    return harmlessJson({ version: 3, status: 'error', message, tests: [] });
  }
  if (rules.length === 0) {
    const test = {
      name: exercise.id,
      status: mark.status === 'passed' ? 'pass' : 'fail',
      message: null,
      output: null,
    };
    return harmlessJson({
      version: 3,
      status: test.status,
      message: null,
      tests: [{ ...test, test_code: exercise.title, task_id: 1 }],
    });
  }
  const printed = outputOf(verdict.output.text);
  const firstFailure = rules.find(({ status }) => status === 'failed')?.id;
  const tests = rules.map((rule, index) => ({
    name: neutralise(`${rule.id} ${rule.title}`, { maxLines: 1 }),
    ...statusOf(rule),
    // What was printed belongs to no single rule: it stands with the failure that is shown first.
    output: rule.id === firstFailure ? printed : null,
    test_code: neutralise(rule.message?.sent ?? rule.title, { maxChars: MOST_MESSAGE }),
    task_id: index + 1,
  }));
  const all = tests.every(({ status }) => status === 'pass');
  return harmlessJson({ version: 3, status: all ? 'pass' : 'fail', message: null, tests });
}

function statusOf(rule: RuleResult): { status: 'pass' | 'fail' | 'error'; message: string | null } {
  const say = (text: string): string => neutralise(text, { maxChars: MOST_MESSAGE });
  switch (rule.status) {
    case 'passed':
      return { status: 'pass', message: null };
    case 'failed':
      return { status: 'fail', message: say(failureLines(rule)) };
    case 'untried':
      return { status: 'fail', message: say(untriedText(rule)) };
    case 'error':
      return { status: 'error', message: 'It could not be judged.' };
  }
}

function outputOf(text: string): string | null {
  if (text === '') return null;
  const shown = neutralise(text);
  return shown.length <= MOST_OUTPUT ? shown : shown.slice(0, MOST_OUTPUT - CUT.length) + CUT;
}

/** STUDENT/EXERCISE/results.json */
export function exercismFiles({ student, results }: StudentResults): ExportFiles {
  return new Map(
    results.map((result) => [
      `${student.student}/${result.exercise.id}/results.json`,
      renderExercism(result),
    ]),
  );
}
