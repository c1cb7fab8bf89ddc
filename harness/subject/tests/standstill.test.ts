import { expect, test } from 'vitest';
import { LOOK_EVERY, Standstill } from './standstill.ts';

const LIMITS = { silence: 1_000, whole: 3_000, wall: 9_000 };

/** What comes of looks at a run, and when. `of`: what happens before each look. */
function watched(
  {
    every = LOOK_EVERY,
    moves = false,
    answers = true,
  }: { every?: number; moves?: boolean; answers?: boolean },
  most = 100,
): [why: string | null, at: number] {
  const standstill = new Standstill(LIMITS, 500);
  for (let look = 1; look <= most; look++) {
    if (moves) standstill.moved();
    const why = standstill.look(500 + look * every, answers);
    if (why !== null) return [why, look * every];
  }
  return [null, most * every];
}

test('a run in which nothing moves is ended after its silence', () => {
  expect(watched({})).toEqual(['silence', 1_000]);
});

test('a run that moves and does not end is ended as a whole', () => {
  expect(watched({ moves: true })).toEqual(['whole', 3_000]);
});

test('a move takes the silence back', () => {
  const standstill = new Standstill(LIMITS, 0);
  for (let at = 250; at <= 750; at += 250) standstill.look(at, true);
  standstill.moved();
  expect(standstill.look(1_000, true)).toBeNull();
});

test('time in which the processes get no turn counts only towards the wall', () => {
  expect(watched({ answers: false })).toEqual(['whole', 9_000]);
});

test('who looks late counts one look', () => {
  expect(watched({ every: 1_000 })).toEqual(['silence', 4_000]);
});
