import type { PlainError } from './plain.ts';

/** What a learner's tests did on one program, as the process says in which they ran: the word of a stranger. */
export type TestsReport = {
  files: { path: string; problems: TestError[]; tests: TestReport[] }[];
  /** The timers that tests waited for in real time, in milliseconds. */
  waits: number[];
  /** Other machines that tests tried to reach. */
  dialled: string[];
  /** Errors that nobody waited for. */
  strays: PlainError[];
};

export type TestReport = {
  /** With the names of the suites around it. */
  name: string;
  state: 'passed' | 'failed' | 'skipped';
  errors: TestError[];
};

/** `late`: it was a time limit that ran out. */
export type TestError = { name: string; message: string; stack: string; late: boolean };

/** The event by which tests tell how far they are. */
export const PROGRESS = 'progress';

/** How far tests are. `ended`, `of`: tests of the file that runs, 0 of 0 before it is loaded. `file`: its number, from 1. */
export type TestsProgress = { ended: number; of: number; file: number; files: number };

/** What comes of one call of a program's function; `args`: what the arguments are afterwards. */
export type Called = { outcome: { value: unknown } | { threw: PlainError }; args: unknown[] };

/** A program's answer to one request. `headers`: names and values in turn. */
export type AppAnswer = { status: number; reason: string; headers: string[]; body: Uint8Array };
