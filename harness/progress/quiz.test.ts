import path from 'node:path';
import { expect, test } from 'vitest';
import { openProgress } from './progress.ts';
import type { QuizCard } from './progress.ts';
import { temporaryFolder } from './testing/folder.ts';

const CARD: QuizCard = {
  due: 2_000,
  stability: 1.5,
  difficulty: 5,
  scheduledDays: 0,
  learningSteps: 1,
  reps: 1,
  lapses: 0,
  state: 1,
  lastAt: 1_000,
};

function open(file = path.join(temporaryFolder(), 'progress.sqlite')) {
  const opened = openProgress(file, { now: () => 1_000 });
  if (!opened.ok) throw new Error(opened.message);
  return { file, progress: opened.progress };
}

test('an answer is kept with the card after it, and the next one gets the card before', () => {
  const { file, progress } = open();
  const asked: (QuizCard | null)[] = [];
  const answer = { deck: 'interview', question: 'cap', correct: true };
  const next = (card: QuizCard | null, at: number): QuizCard => {
    asked.push(card);
    return { ...CARD, reps: (card?.reps ?? 0) + 1, lastAt: at };
  };
  expect(progress.answerQuiz(answer, next)).toEqual({ ok: true, card: CARD });
  progress.answerQuiz({ ...answer, correct: false }, next);
  progress.answerQuiz({ ...answer, deck: 'star' }, next);
  progress.close();
  expect(asked).toEqual([null, CARD, null]);

  const again = open(file).progress;
  expect(again.quizCards().get('interview')?.get('cap')).toEqual({ ...CARD, reps: 2 });
  expect(again.quizCards().get('star')?.get('cap')).toEqual(CARD);
  again.close();
});

test('an answer to a quiz is no attempt at the exercise of the same name', () => {
  const { progress } = open();
  progress.answerQuiz({ deck: '01-a', question: 'q', correct: true }, () => CARD);
  expect(progress.states().size).toBe(0);
  progress.close();
});
