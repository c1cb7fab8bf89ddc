import type { Answer, Graded } from '../quiz/grade.ts';
import { OUTLINE } from '../quiz/question.ts';
import type { Question } from '../quiz/question.ts';
import { shownOrder } from '../quiz/shuffle.ts';
import { paragraph } from '../verdict/page.ts';
import type { Page } from '../verdict/page.ts';

/** A question as it stands in the terminal, with numbered options. `round`: how often it was answered. */
export function askedText(question: Question, round: number, page: Page): string {
  const shown = shownOrder(question, round);
  const body = (): string[] => {
    switch (question.kind) {
      case 'choice':
      case 'several':
        return numbered(
          shown.map((place) => question.options[place]?.text ?? ''),
          page,
        );
      case 'order':
        return numbered(
          shown.map((place) => question.items[place] ?? ''),
          page,
        );
      case 'match':
        return [
          ...question.pairs.flatMap(({ left }, index) => item(`${letter(index)}.`, left, page)),
          '',
          ...numbered(
            shown.map((place) => question.pairs[place]?.right ?? ''),
            page,
          ),
        ];
      case 'number':
      case 'outline':
        return [];
    }
  };
  const lines = question.question.split('\n').flatMap((line) => (line === '' ? [''] : paragraph(page, line)));
  return [...lines.map((line) => page.paint.bold(line)), '', ...body(), ''].join('\n');
}

/** What is asked for, one line each. */
export function promptsFor(question: Question): string[] {
  switch (question.kind) {
    case 'choice':
      return ['Number:'];
    case 'several':
      return ['Numbers of all that are right, for example 1 3:'];
    case 'order':
      return ['Numbers in the right order, for example 2 1 3:'];
    case 'match':
      return [`Numbers for ${question.pairs.map((_, index) => letter(index)).join(' ')}, for example 2 1 1:`];
    case 'number':
      return [`Figure, in ${question.unit}:`];
    case 'outline':
      return OUTLINE.map(({ name, about }) => `${name} (${about}):`);
  }
}

/** What was typed as an answer; null: it is none. */
export function readTyped(question: Question, round: number, typed: readonly string[]): Answer | null {
  if (question.kind === 'number' || question.kind === 'outline') return typed;
  const shown = shownOrder(question, round);
  const words = (typed[0] ?? '').split(/[\s,;]+/).filter((word) => word !== '');
  const places = words.map((word) => (/^\d+$/.test(word) ? shown[Number(word) - 1] : undefined));
  if (places.length === 0 || places.includes(undefined)) return null;
  const isWhole = {
    choice: places.length === 1,
    several: new Set(places).size === places.length,
    order: places.length === shown.length && new Set(places).size === places.length,
    match: question.kind === 'match' && places.length === question.pairs.length,
  }[question.kind];
  return isWhole ? places.map(String) : null;
}

/**
 * What came of an answer, and why each option is right or wrong: options in the order and with the numbers in which they were
 * shown. `round`: how often it had been answered. `again`: when it comes back.
 */
export function gradedText(
  question: Question,
  graded: Graded,
  { round, again }: { round: number; again: string },
  page: Page,
): string {
  const { marks, paint } = page;
  const head = graded.correct ? paint.green(`${marks.passed} right`) : paint.red(`${marks.failed} not quite`);
  const options = question.kind === 'choice' || question.kind === 'several';
  const told = options
    ? shownOrder(question, round).flatMap((place, index) => {
        const line = graded.lines[place];
        return line === undefined ? [] : [{ ...line, text: `${index + 1}. ${line.text}` }];
      })
    : graded.lines;
  const lines = told.flatMap((line) => {
    const isFound = line.right === line.chosen;
    const sign = options
      ? line.right
        ? marks.passed
        : line.chosen
          ? marks.failed
          : marks.dot
      : isFound
        ? marks.passed
        : marks.failed;
    return [
      ...item(sign, line.text, page),
      ...(line.why === '' ? [] : paragraph(page, line.why, '     ')),
      '',
    ];
  });
  return [
    '',
    paint.bold(head),
    ...(graded.summary === '' ? [] : paragraph(page, graded.summary)),
    '',
    ...lines,
    ...paragraph(page, `Source: ${question.source}. ${again}`).map((line) => paint.dim(line)),
    '',
    '',
  ].join('\n');
}

function numbered(texts: readonly string[], page: Page): string[] {
  return texts.flatMap((text, index) => item(`${index + 1}.`, text, page));
}

function item(lead: string, text: string, page: Page): string[] {
  const [first = '', ...rest] = paragraph(page, page.line(text), '     ');
  return [`  ${lead.padEnd(3)}${first.trimStart()}`, ...rest];
}

function letter(index: number): string {
  return String.fromCharCode(97 + index);
}
