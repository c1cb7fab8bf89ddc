import type { TestError, TestReport } from '../../message/tests.ts';
import type { TestsRun } from '../../subject/tests/run.ts';

/** One test of the learner: its file, and its name with those of the suites around it. */
export type TestName = { file: string; name: string };

/** Why a run on a right program is no clean one. `test` null: a file as a whole, or all of them. */
export type Fault = {
  test: TestName | null;
  error: Pick<TestError, 'name' | 'message' | 'stack'>;
  cause: 'wrong' | 'hung' | 'crashed' | 'exited' | 'memory';
};

/** The files of a report in the names of the learner. `files`: in the order in which they ran. */
type Seen = TestName & TestReport;

function testsOf({ end }: TestsRun, files: readonly string[]): Seen[] {
  if (end.kind !== 'report') return [];
  return end.report.files.flatMap(({ tests }, index) =>
    tests.map((test) => ({ file: files[index] ?? '', ...test })),
  );
}

/** What keeps a run on a right program from being a clean one, the plainest first. Empty: every test passed. */
export function faultsOf(run: TestsRun, files: readonly string[]): Fault[] {
  const { end } = run;
  const whole = (message: string, cause: Fault['cause']): Fault[] => [
    { test: null, error: { name: '', message, stack: '' }, cause },
  ];
  if (end.kind === 'dead') return whole(`the process of your tests ended: ${end.death.why}`, end.death.cause);
  if (end.kind === 'late') return whole(lateWords(end), 'hung');
  if (end.kind === 'broken') throw new Error(end.why);
  const inFiles = end.report.files.flatMap(({ problems }, index) =>
    problems.map((error): Fault => ({ test: { file: files[index] ?? '', name: '' }, error, cause: 'wrong' })),
  );
  const inTests = testsOf(run, files)
    .filter(({ state }) => state === 'failed')
    .map(({ file, name, errors: [error] }): Fault => {
      const shown = error ?? { name: 'Error', message: 'it failed without an error', stack: '' };
      return { test: { file, name }, error: shown, cause: 'wrong' };
    });
  const strays = end.report.strays.flatMap(({ name, message }) =>
    whole(`an error that no test waited for: ${name}: ${message}`, 'wrong'),
  );
  return [...inFiles, ...inTests, ...strays];
}

function lateWords({ why, seconds, progress }: Extract<TestsRun['end'], { kind: 'late' }>): string {
  const what =
    why === 'silence'
      ? `nothing moved for ${seconds} seconds: no test ended, and none asked the program anything`
      : `your tests did not come to an end within ${seconds} seconds`;
  if (progress === null) return what;
  const { ended, of, file, files } = progress;
  const inFile = `file ${file} of ${files}`;
  return of === 0
    ? `${what} (${inFile} was being loaded)`
    : `${what} (they came to test ${Math.min(ended + 1, of)} of ${of}, in ${inFile})`;
}

/** Whether a time limit of one test or of all ran out: a slow machine may be the reason. */
export function isLate({ end }: TestsRun): boolean {
  if (end.kind === 'late') return true;
  if (end.kind === 'dead') return end.death.cause === 'hung';
  return (
    end.kind === 'report' &&
    end.report.files.some(({ tests }) => tests.some(({ errors }) => errors.some(({ late }) => late)))
  );
}

/** The tests that passed, by a name that is the same in every run. */
export function passedIn(run: TestsRun, files: readonly string[]): Set<string> {
  return new Set(
    testsOf(run, files)
      .filter(({ state }) => state === 'passed')
      .map(keyOf),
  );
}

/** How tests met one broken program. `none`: they all passed. */
export type Catch =
  | { kind: 'caught'; by: TestName }
  /** Something failed, and none of it counts. */
  | { kind: 'not-counted'; why: string }
  | { kind: 'none' };

/**
 * Whether a broken program is caught: a test failed on it that passed on every right program, by something else than a time
 * limit, and something reached the program. `trusted`: the tests that passed on every right program.
 */
export function catchOf(run: TestsRun, files: readonly string[], trusted: ReadonlySet<string>): Catch {
  const { end, reached } = run;
  if (end.kind === 'broken') throw new Error(end.why);
  if (end.kind === 'dead')
    return { kind: 'not-counted', why: `the process of your tests ended: ${end.death.why}` };
  if (end.kind === 'late') return { kind: 'not-counted', why: lateWords(end) };
  const failed = testsOf(run, files).filter(({ state }) => state === 'failed');
  const counted = failed.filter((test) => trusted.has(keyOf(test)));
  const byWord = counted.find(({ errors }) => errors.some(({ late }) => !late));
  if (byWord !== undefined) {
    if (Object.keys(reached.calls).length === 0)
      return { kind: 'not-counted', why: 'a test failed that never met the program' };
    return { kind: 'caught', by: { file: byWord.file, name: byWord.name } };
  }
  if (counted.length > 0) return { kind: 'not-counted', why: 'a test failed by its time limit alone' };
  if (failed.length > 0)
    return { kind: 'not-counted', why: 'a test failed that does not pass on every right program' };
  if (end.report.files.some(({ problems }) => problems.length > 0))
    return { kind: 'not-counted', why: 'a file of tests failed as a whole, and no test in it' };
  return { kind: 'none' };
}

export function keyOf({ file, name }: TestName): string {
  return `${file}\n${name}`;
}
