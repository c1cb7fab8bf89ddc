import { harmlessJson } from '../verdict/json.ts';
import { neutralise } from '../verdict/neutralise.ts';
import type { Graded, Judged } from './grade.ts';
import { countingRules } from './grades.ts';
import type { Mark } from './grades.ts';
import { errorText, failureLines, untriedText } from './rule-text.ts';

/** No text of a test is longer than this, in UTF-16 units. */
const MOST_TEXT = 10_000;

type GradescopeTest = {
  name: string;
  name_format: 'text';
  score: number;
  max_score: number;
  status: 'passed' | 'failed';
  output: string;
  output_format: 'text';
  visibility: 'visible';
};

/**
 * A grade as Gradescope reads it from an autograder (results/results.json, "Autograder Specifications" in its
 * documentation): a test for each rule, or with detail `score` one for each exercise. All texts are declared as plain text.
 */
export function renderGradescope({ grades, judged }: Graded): string {
  const marks = grades.exercises;
  const self = marks.some(({ provenance }) => provenance.judge === 'self-reported');
  return harmlessJson({
    score: grades.points,
    output: marks
      .map(({ exercise, status, points, maxPoints, isolation }) => {
        return `${exercise}: ${status}, ${points} of ${maxPoints} points, isolation ${isolation}`;
      })
      .concat(self ? ['self-reported'] : [])
      .join('\n'),
    output_format: 'text',
    visibility: 'visible',
    // What the judge itself says while it works is for the instructor.
    stdout_visibility: 'hidden',
    tests: judged.flatMap((each, index) => testsOf(each, marks[index] as Mark)),
  });
}

function testsOf({ exercise, verdict }: Judged, mark: Mark): GradescopeTest[] {
  const error = errorText(verdict);
  const whole = test({
    name: `${exercise.id} ${exercise.title}`,
    score: 0,
    max_score: 0,
    status: mark.status === 'passed' ? 'passed' : 'failed',
    output: error ?? '',
  });
  if (verdict.rules.length === 0) return [{ ...whole, score: mark.points, max_score: mark.maxPoints }];
  const counting = countingRules(exercise);
  const rules = verdict.rules.map((rule) =>
    test({
      name: `${exercise.id} ${rule.id} ${rule.title}`,
      score: mark.status !== 'error' && counting.has(rule.id) ? rule.points : 0,
      max_score: counting.has(rule.id) ? 1 : 0,
      status: mark.status !== 'error' && rule.status === 'passed' ? 'passed' : 'failed',
      output:
        rule.status === 'failed' ? failureLines(rule) : rule.status === 'untried' ? untriedText(rule) : '',
    }),
  );
  return error === null ? rules : [whole, ...rules];
}

function test(
  given: Pick<GradescopeTest, 'name' | 'score' | 'max_score' | 'status' | 'output'>,
): GradescopeTest {
  return {
    ...given,
    name: neutralise(given.name, { maxLines: 1 }),
    name_format: 'text',
    output: neutralise(given.output, { maxChars: MOST_TEXT }),
    output_format: 'text',
    visibility: 'visible',
  };
}
