import type { RuleResult } from '../verdict/verdict.ts';
import type { Graded, Judged } from './grade.ts';
import type { Mark } from './grades.ts';
import { errorText, failureLines, untriedText } from './rule-text.ts';
import { xmlText } from './sink/xml.ts';

/** What became of one test. */
type Outcome = 'passed' | 'failed' | 'error' | 'skipped';

type TestCase = { name: string; seconds: number; outcome: Outcome; type: string; text: string };

/**
 * A grade in the XML that JUnit began and CI services read: a suite for each exercise, a test for each rule. With detail
 * `score`, an exercise is one test.
 */
export function renderJUnit({ grades, judged }: Graded): string {
  const suites = judged.map((each, index) => suiteXml(each, grades.exercises[index] as Mark));
  const all = judged.flatMap((each) => casesOf(each));
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="workbook" ${countsOf(all)}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suiteXml(judged: Judged, mark: Mark): string {
  const { exercise, verdict } = judged;
  const cases = casesOf(judged);
  const { provenance } = mark;
  const properties = Object.entries({
    status: mark.status,
    mastered: String(mark.mastered),
    points: String(mark.points),
    maxPoints: String(mark.maxPoints),
    isolation: mark.isolation,
    judge: provenance.judge,
    commit: provenance.commit ?? '',
    files: provenance.filesDigest,
    suite: provenance.suiteDigest,
  });
  return [
    `  <testsuite name="${xmlText(exercise.id)}" ${countsOf(cases)} timestamp="${xmlText(provenance.at)}">`,
    '    <properties>',
    ...properties.map(
      ([name, value]) => `      <property name="${xmlText(name)}" value="${xmlText(value)}"/>`,
    ),
    '    </properties>',
    ...cases.map((each) => caseXml(exercise.id, each)),
    ...(verdict.output.text === '' ? [] : [`    <system-out>${xmlText(verdict.output.text)}</system-out>`]),
    '  </testsuite>',
  ].join('\n');
}

function casesOf({ exercise, verdict }: Judged): TestCase[] {
  const error = errorText(verdict);
  const isError = verdict.status === 'error';
  const cases = verdict.rules.map((rule): TestCase => ({
    name: `${rule.id} ${rule.title}`,
    seconds: rule.durationMs / 1000,
    ...(isError ? SKIPPED : outcomeOf(rule)),
  }));
  if (cases.length > 0 && error === null) return cases;
  // What concerns the exercise as a whole is a test of its own: a reader of tests alone would miss it elsewhere.
  const outcome = isError ? 'error' : verdict.status;
  const text = error ?? (outcome === 'passed' ? '' : 'Not all core rules hold.');
  const whole = { name: exercise.title, seconds: 0, outcome, type: verdict.error?.kind ?? 'rules', text };
  return [whole, ...cases];
}

const SKIPPED = { outcome: 'skipped', type: '', text: 'It was not tried.' } as const;

function outcomeOf(rule: RuleResult): Pick<TestCase, 'outcome' | 'type' | 'text'> {
  switch (rule.status) {
    case 'passed':
      return { outcome: 'passed', type: '', text: '' };
    case 'failed':
      return { outcome: 'failed', type: rule.cause ?? 'rule', text: failureLines(rule) };
    case 'error':
      return { outcome: 'error', type: 'harness', text: 'It could not be judged.' };
    case 'untried':
      return { outcome: 'skipped', type: '', text: untriedText(rule) };
  }
}

function caseXml(exercise: string, { name, seconds, outcome, type, text }: TestCase): string {
  const start = `    <testcase classname="${xmlText(exercise)}" name="${xmlText(name)}" time="${seconds.toFixed(3)}"`;
  if (outcome === 'passed') return `${start}/>`;
  const [first = ''] = text.split('\n', 1);
  const message = `message="${xmlText(first, 300)}"`;
  if (outcome === 'skipped') return `${start}><skipped ${message}/></testcase>`;
  const tag = outcome === 'failed' ? 'failure' : 'error';
  return `${start}><${tag} ${message} type="${xmlText(type)}">${xmlText(text)}</${tag}></testcase>`;
}

function countsOf(cases: readonly TestCase[]): string {
  const count = (wanted: Outcome): number => cases.filter(({ outcome }) => outcome === wanted).length;
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0);
  return [
    `tests="${cases.length}"`,
    `failures="${count('failed')}"`,
    `errors="${count('error')}"`,
    `skipped="${count('skipped')}"`,
    `time="${seconds.toFixed(3)}"`,
  ].join(' ');
}
