import { OUTLINE } from './question.ts';
import type { Question } from './question.ts';

/**
 * What a person answered: of `choice` and `several` the places of the options in the file, of `order` the places of the
 * items in the order that was chosen, of `match` for each left side the place of the pair whose right side was chosen, of
 * `number` what was typed, of `outline` the text of each part.
 */
export type Answer = readonly string[];

/** One line of what is explained after an answer. `chosen`: it was a part of the answer. */
export type Explained = { text: string; right: boolean; chosen: boolean; why: string };

/** `summary`: a sentence on the answer as a whole; empty where the lines say it all. */
export type Graded = { correct: boolean; summary: string; lines: Explained[] };

/** Grades an answer; what is no answer to this question is wrong. */
export function grade(question: Question, answer: Answer): Graded {
  switch (question.kind) {
    case 'choice':
    case 'several': {
      const chosen = new Set(answer);
      const lines = question.options.map(({ text, correct, why }, index) => ({
        text,
        why,
        right: correct,
        chosen: chosen.has(String(index)),
      }));
      const correct =
        lines.every((line) => line.right === line.chosen) &&
        chosen.size === lines.filter((line) => line.chosen).length;
      return { correct, summary: '', lines };
    }
    case 'order': {
      const { items, why } = question;
      const lines = items.map((text, index) => ({
        text,
        why: '',
        right: true,
        chosen: answer[index] === String(index),
      }));
      return {
        correct: isExactly(answer, items.length) && lines.every(({ chosen }) => chosen),
        summary: why,
        lines,
      };
    }
    case 'match': {
      const { pairs } = question;
      const lines = pairs.map(({ left, right, why }, index) => ({
        text: `${left} → ${right}`,
        why,
        right: true,
        // Two pairs may have the same right side: either of them is meant.
        chosen: pairs[Number(answer[index] ?? -1)]?.right === right,
      }));
      return {
        correct: isExactly(answer, pairs.length) && lines.every(({ chosen }) => chosen),
        summary: '',
        lines,
      };
    }
    case 'number': {
      const { answer: right, factor, unit, why } = question;
      const value = readNumber(answer[0] ?? '');
      const correct = value !== null && value >= right / factor && value <= right * factor;
      const about = factor === 1 ? `${right}` : `about ${right}`;
      const line = { text: `${about} ${unit}`, why, right: true, chosen: correct };
      return { correct, summary: value === null ? 'That is no number.' : '', lines: [line] };
    }
    case 'outline':
      return gradeOutline(answer, question.why);
  }
}

/** A part needs a few words, and a number has to stand somewhere. */
function gradeOutline(answer: Answer, why: string): Graded {
  const lines = OUTLINE.map(({ name, about }, index) => {
    const there = (answer[index] ?? '').trim().split(/\s+/).filter(Boolean).length >= FEWEST_WORDS;
    return {
      text: name,
      right: true,
      chosen: there,
      why: there ? 'It is there.' : `It is missing, or too short: ${about.toLowerCase()}.`,
    };
  });
  const hasNumber = answer.some((part) => /\d/.test(part) || NUMBER_WORDS.test(part));
  lines.push({
    text: 'A number',
    right: true,
    chosen: hasNumber,
    why: hasNumber ? 'It is there.' : 'How many, how long, how much less? A number makes it believable.',
  });
  return { correct: lines.every(({ chosen }) => chosen), summary: why, lines };
}

/** Digits with the separators that people use: `1,000,000`, `1 000`, `2.5`, `3e9`; null: no number. */
export function readNumber(typed: string): number | null {
  const plain = typed
    .trim()
    .replace(/[\s_'’]|,(?=\d{3}(?!\d))/g, '')
    .replace(',', '.');
  if (!/^\d+(\.\d+)?(e\+?\d{1,3})?$/i.test(plain)) return null;
  return Number(plain);
}

function isExactly(answer: Answer, length: number): boolean {
  return answer.length === length;
}

const FEWEST_WORDS = 3;
const NUMBER_WORDS =
  /\b(two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|hundred|thousand|million|half|twice|double|percent)\b/i;
