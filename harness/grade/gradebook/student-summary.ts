import type { Verdict } from '../../verdict/verdict.ts';
import { errorText, failureLines } from '../rule-text.ts';
import { markdownBlock, markdownCode } from '../sink/markdown.ts';
import type { Gradebook, StudentExercise, StudentGrade } from './gradebook.ts';
import { stateOf } from './report/data.ts';
import { clockIn, number, span } from './report/words.ts';
import type { Clock } from './report/words.ts';

/** No more of one failure is shown, in UTF-16 units; the verdict beside has all of it. */
const MOST_TEXT = 2_000;

/**
 * The mark of one student, as a page of Markdown to hand out. `verdicts` tell no more than the assignment allows, and
 * nothing here is taken from anywhere else but the marks. No other student is named.
 */
export function renderStudentSummary(
  { assignment, detail }: Gradebook,
  student: StudentGrade,
  verdicts: readonly Verdict[],
): string {
  const clock = clockIn(assignment.timezone);
  const byId = new Map(verdicts.map((verdict) => [verdict.exercise, verdict]));
  const title = assignment.title === '' ? assignment.name : assignment.title;
  const { received, commit, problem } = student;
  return [
    `# ${markdownCode(title)}`,
    '',
    `${markdownCode(student.student)}: **${number(student.score)} of ${number(student.maxScore)}**`,
    ...(received === null
      ? []
      : ['', `Received ${clock(received.at)} (${assignment.timezone}), ${BY[received.by]}.`]),
    ...(commit === null ? [] : ['', `Judged commit ${markdownCode(commit)}.`]),
    ...(problem === null ? [] : ['', markdownBlock(problem)]),
    '',
    '| exercise | result | points | counts | |',
    '| --- | --- | --- | --- | --- |',
    ...student.exercises.map((exercise) => row(exercise, clock)),
    ...(detail === 'score' ? [] : student.exercises.flatMap((each) => rules(each, byId.get(each.id)))),
    '',
  ].join('\n');
}

const BY = { known: 'as its receiver tells', 'self-declared': 'as the commit itself tells' };

function row(exercise: StudentExercise, clock: Clock): string {
  const { id, points, maxPoints, score, weight, lateness } = exercise;
  const { lateMs, lateDaysUsed, factor, extended, due } = lateness;
  const notes = [
    lateMs > 0 ? `${span(lateMs)} late` : null,
    extended && due !== null ? `extension until ${clock(due)}` : null,
    lateDaysUsed > 0 ? `late days used: ${lateDaysUsed}` : null,
    factor < 1 ? `counts ${Math.round(factor * 100)} %` : null,
  ].filter((note) => note !== null);
  const cells = [
    markdownCode(id),
    WORDS[stateOf(exercise)],
    `${points} of ${maxPoints}`,
    `${number(score)} of ${number(weight)}`,
    notes.join(', '),
  ];
  return `| ${cells.join(' | ')} |`;
}

const WORDS = {
  mastered: 'mastered',
  passed: 'passed',
  failed: 'not passed',
  error: 'could not be judged',
  missing: 'nothing handed in',
};

function rules({ id, problem }: StudentExercise, verdict: Verdict | undefined): string[] {
  if (verdict === undefined)
    return problem === null ? [] : ['', `## ${markdownCode(id)}`, '', markdownBlock(problem)];
  const error = errorText(verdict);
  return [
    '',
    `## ${markdownCode(id)}`,
    ...(error === null ? [] : ['', markdownBlock(error)]),
    '',
    ...verdict.rules.map((rule) => `- ${rule.status}: ${markdownCode(`${rule.id} ${rule.title}`)}`),
    ...verdict.rules
      .filter(({ status, message }) => status === 'failed' && message !== null)
      .flatMap((rule) => [
        '',
        `**${markdownCode(rule.id)}**`,
        '',
        markdownBlock(failureLines(rule), MOST_TEXT),
      ]),
  ];
}
