import { describe, expect, test } from 'vitest';
import type { Todo } from '../verify/todo.ts';
import { incompleteText } from './todo-page.ts';

const UNFINISHED: Todo = {
  exercise: '47-begun',
  all: 12,
  there: 10,
  next: {
    name: 'the quiz',
    missing: ['one', 'two', 'three', 'four', 'five', 'six'],
    where: 'exercises/47-begun/quiz.json',
    why: 'For what a program cannot show.',
    example: 'exercises/03-crud-api/quiz.json',
  },
  later: [{ name: 'the walk-through', missing: ['there is no walk-through'], where: '', why: '' }],
};

const PROOF = {
  exercise: '47-begun',
  subjects: 3,
  checks: 6,
  slowestMs: 9,
  named: { mistakes: 0, broken: 0 },
  problems: ['one', 'two', 'three', 'four', 'five', 'six', 'there is no walk-through'],
};

describe('what is said of an incomplete exercise', () => {
  test('is the next thing with all that helps to do it, then the others, then what was judged', () => {
    expect(incompleteText(UNFINISHED, PROOF, { columns: 80, unicode: true, whole: true }).join('\n'))
      .toBe(`47-begun
10 of 12 things are there. Next: the quiz.

  missing   one
            two
            three
            four
            and 2 more
  why       For what a program cannot show.
  where     exercises/47-begun/quiz.json
  example   exercises/03-crud-api/quiz.json

Then:
  ○ the walk-through                          there is no walk-through

What is there was judged: 3 subjects, 6 checks, the slowest 9 ms.
All of it is as it should be.`);
  });

  test('tells what the programs show apart from what is missing', () => {
    const proof = { ...PROOF, problems: [...PROOF.problems, 'stub scores 1 points'] };
    const text = incompleteText(UNFINISHED, proof, { columns: 80, unicode: true, whole: true });
    expect(text.slice(-2)).toEqual(['Correct this first:', '  stub scores 1 points']);
  });

  test('is one line where many exercises are shown', () => {
    expect(incompleteText(UNFINISHED, PROOF, { columns: 80, unicode: true, whole: false })).toEqual([
      '47-begun                 10 of 12 things are there. Next: the quiz · npm run verify 47-begun',
    ]);
  });
});
