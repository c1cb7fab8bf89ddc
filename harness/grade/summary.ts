import type { Graded, Judged } from './grade.ts';
import type { Mark } from './grades.ts';
import { errorText } from './rule-text.ts';
import { markdownBlock, markdownCode } from './sink/markdown.ts';

/** A grade as a page of GitHub's Markdown: a table of the exercises, and one of the rules of each. */
export function renderSummary({ grades, judged }: Graded): string {
  const marks = grades.exercises;
  return [
    '## Grade',
    '',
    '| exercise | result | core | points | isolation | judged by |',
    '| --- | --- | --- | --- | --- | --- |',
    ...marks.map((mark) => row(markCells(mark))),
    '',
    `**${grades.points} of ${grades.maxPoints} points**${commitText(grades.submission.commit)}`,
    ...judged.flatMap((each, index) => ['', ...exerciseLines(each, marks[index] as Mark)]),
    '',
  ].join('\n');
}

function markCells(mark: Mark): string[] {
  return [
    markdownCode(mark.exercise),
    mark.mastered ? 'mastered' : mark.status,
    `${mark.core.passed} of ${mark.core.rules}`,
    `${mark.points} of ${mark.maxPoints}`,
    mark.isolation,
    mark.provenance.judge,
  ];
}

function exerciseLines({ exercise, verdict }: Judged, mark: Mark): string[] {
  const error = errorText(verdict);
  return [
    `### ${markdownCode(exercise.id)}`,
    ...(error === null ? [] : ['', markdownBlock(error)]),
    ...(verdict.rules.length === 0
      ? []
      : [
          '',
          '| rule | result | tier | what it promises |',
          '| --- | --- | --- | --- |',
          ...verdict.rules.map((rule) =>
            row([markdownCode(rule.id), rule.status, rule.tier, markdownCode(rule.title)]),
          ),
        ]),
    ...(mark.refusedFiles === 0
      ? []
      : [
          '',
          `${mark.takenFiles} files taken, ${mark.refusedFiles} refused:`,
          '',
          ...mark.refused.map(({ path, why }) => `- ${markdownCode(path)}: ${markdownCode(why)}`),
        ]),
  ];
}

function commitText(commit: string | null): string {
  return commit === null ? '' : ` for commit ${markdownCode(commit)}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
