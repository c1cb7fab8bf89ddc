import { ROWS } from './rows.ts';

/** A test that holds a row: its file, from the workbook's folder, and its name. */
export type Holder = { file: string; test: string };

/** A row that no single submission can try. `held`: by what, in words. */
export type Elsewhere = { what: string; held: string; tests: readonly Holder[] };

const WORKFLOWS = 'harness/grade/workflows.test.ts';

/** The rows of the list of threats that the table of attacks has not, and where they are held. */
export const ELSEWHERE = {
  B3: {
    what: 'suites in what is published',
    held: 'the test of the class edition itself, which looks for the canaries of all suites in it',
    tests: [],
  },
  G1: {
    what: 'workflows that run the code of a fork with rights',
    held: 'no workflow here is started by such an event',
    tests: [{ file: WORKFLOWS, test: 'is started by no event that would run a fork’s code with rights' }],
  },
  G2: {
    what: 'poisoned caches and artifacts',
    held: 'no workflow here keeps a cache or takes in an artifact of another run',
    tests: [
      {
        file: WORKFLOWS,
        test: 'keeps no cache that another run could fill, and takes in no artifact of another run',
      },
    ],
  },
  G4: {
    what: 'draining the minutes of a CI service',
    held: 'every job ends in time, and a newer run cancels the older one',
    tests: [
      { file: WORKFLOWS, test: 'may read and do nothing else, ends in time, and cancels its own older run' },
    ],
  },
  G5: {
    what: 'a defence at one way in only',
    held: 'the table above: the same attacks through each of them',
    tests: [{ file: 'harness/attack/attack.test.ts', test: 'no program gets out through check' }],
  },
  G6: {
    what: 'isolation that is silently absent',
    held: 'it is probed, said, and without it `grade` judges nothing unless it is told to',
    tests: [
      {
        file: 'harness/cli/grade.test.ts',
        test: 'judges nothing: it says why, what helps, and how to ask for less',
      },
    ],
  },
} as const satisfies Record<string, Elsewhere>;

/** Every row that is about one submission, here or elsewhere. H1, copying from each other, is about a class. */
export function allRows(): string[] {
  return [...Object.keys(ROWS), ...Object.keys(ELSEWHERE)].toSorted();
}

/** Markdown: a line for each row that is held elsewhere. */
export function elsewhereTable(): string {
  const lines = Object.entries(ELSEWHERE).map(([row, { what, held }]) => `| ${row} ${what} | ${held} |`);
  return ['| what no single submission can try | how it is held |', '| --- | --- |', ...lines, ''].join('\n');
}
