import type { Reached } from '../subject/tests/switchboard.ts';

/** What a suite asks of a learner's tests. `again`: the right programs among the broken ones. */
export type TestsQuestion =
  { kind: 'first' } | { kind: 'again'; world: 'shuffled' | 'moved' } | { kind: 'broken'; rule: string };

/**
 * How tests met one right program. `passed`: how many did. `faults`: how many things are wrong; `fault`: the first of them,
 * in the words of the process that ran the tests; `others`: up to two more tests that failed. `place`: where, such as `src/api.test.ts:12`.
 */
export type RightTried = {
  world: 'written' | 'shuffled' | 'moved';
  seed: number | null;
  passed: number;
  names: string[];
  faults: number;
  fault: {
    test: { file: string; name: string } | null;
    place: string | null;
    error: { name: string; message: string };
    cause: 'wrong' | 'hung' | 'crashed' | 'exited' | 'memory';
  } | null;
  others: { file: string; name: string }[];
  reached: Reached;
  waits: number[];
  dialled: string[];
};

/** How tests met one broken program. `about`: "a program that …". */
export type BrokenTried = {
  about: string;
  caught:
    | { kind: 'caught'; by: { file: string; name: string } }
    | { kind: 'not-counted'; why: string }
    | { kind: 'none' };
};
