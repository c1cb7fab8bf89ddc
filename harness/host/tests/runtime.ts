import { pathToFileURL } from 'node:url';
import { startTests } from '@vitest/runner';
import type { File, Task, Test } from '@vitest/runner';
import { setSafeTimers } from '@vitest/utils/timers';
import { TestRunner, vi } from 'vitest';
import { waits } from './world.ts';
import type { TestError, TestReport, TestsProgress, TestsReport } from '../../message/tests.ts';

export type TestsRun = {
  /** Absolute paths of the compiled test files, in the order in which they run. */
  files: readonly string[];
  /** Tests run in an order of this seed; null: as they are written. */
  seed: number | null;
  /** The first test that fails, by something else than a time limit, is the last one. */
  bail: boolean;
  /** A test or a hook may take this long, in milliseconds. */
  timeout: number;
  /** Told as tests end, and as files begin. */
  onProgress: (progress: TestsProgress) => void;
};

const MOST_TESTS = 500;

/**
 * Runs test files with Vitest's own collector, runner, `expect` and `vi`, in this process, one file after the other. What
 * is between them and the files is Node's own import: no Vite, no transform, no config file.
 */
export async function runTests({
  files,
  seed,
  bail,
  timeout,
  onProgress,
}: TestsRun): Promise<Pick<TestsReport, 'files' | 'waits'>> {
  const config = configOf(seed, timeout);
  Error.stackTraceLimit = 50;
  // As Vitest's own worker does: `vi.waitFor` and `expect.poll` wait in real time, also while a test has fake timers.
  setSafeTimers();
  provideState(config);
  const reports: TestsReport['files'] = [];
  for (const [index, path] of files.entries()) {
    state['filepath'] = path;
    const runner = new NativeRunner(config as never);
    runner.bails = bail;
    runner.tell = (ended, of) => onProgress({ ended, of, file: index + 1, files: files.length });
    runner.tell(0, 0);
    runner.__setTraces({
      $: (_name: string, ...rest: unknown[]) => (rest.at(-1) as () => unknown)(),
    } as never);
    const [file] = await startTests([path], runner);
    // What one file fakes is no business of the next.
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
    if (file !== undefined) reports.push(reportOf(file));
    if (bail && runner.hasFailed) break;
  }
  return { files: reports, waits: [...waits] };
}

class NativeRunner extends TestRunner {
  bails = false;
  hasFailed = false;
  /** Told how many tests of this file have ended. */
  tell: (ended: number, of: number) => void = () => {};
  private ended = 0;
  private of = 0;

  onCollected(files: File[]): void {
    this.of = files.reduce((sum, file) => sum + testsIn(file), 0);
    this.tell(0, this.of);
  }

  override onAfterRunTask(test: Test): void {
    super.onAfterRunTask(test);
    this.tell(++this.ended, this.of);
    if (test.result?.state !== 'fail' || errorsOf(test).every(({ late }) => late)) return;
    this.hasFailed = true;
    if (this.bails) this.cancel('test-failure');
  }

  override async importFile(path: string): Promise<unknown> {
    return await import(pathToFileURL(path).href);
  }
}

function testsIn(task: Task): number {
  return task.type === 'test' ? 1 : task.tasks.reduce((sum, each) => sum + testsIn(each), 0);
}

/** What Vitest's main process would hand to a worker, as far as its runtime reads it. */
function configOf(seed: number | null, timeout: number): Record<string, unknown> {
  return {
    name: '',
    root: process.cwd(),
    mode: 'test',
    isolate: false,
    globals: false,
    setupFiles: [],
    sequence: {
      shuffle: seed !== null,
      concurrent: false,
      seed: seed ?? 0,
      hooks: 'stack',
      setupFiles: 'list',
    },
    testTimeout: timeout,
    hookTimeout: timeout,
    teardownTimeout: timeout,
    // `test.only` would leave the other tests out, and nobody would see it.
    allowOnly: false,
    passWithNoTests: true,
    retry: 0,
    bail: 0,
    maxConcurrency: 5,
    includeTaskLocation: false,
    tags: [],
    strictTags: false,
    expect: { requireAssertions: false, poll: {} },
    chaiConfig: {},
    fakeTimers: {
      loopLimit: 10_000,
      shouldClearNativeTimers: true,
      toFake: [
        'setTimeout',
        'clearTimeout',
        'setInterval',
        'clearInterval',
        'setImmediate',
        'clearImmediate',
        'Date',
        'performance',
      ],
    },
    snapshotOptions: { updateSnapshot: 'none', expand: false, snapshotEnvironment },
    experimental: { viteModuleRunner: false, importDurations: { limit: 0 } },
    logHeapUsage: false,
    clearMocks: false,
    mockReset: false,
    restoreMocks: false,
    unstubEnvs: false,
    unstubGlobals: false,
  };
}

/** Snapshot files are no part of a submission: none is found, and none is written. */
const snapshotEnvironment = {
  getVersion: () => '1',
  getHeader: () => '// Snapshot v1',
  resolveRawPath: (_test: string, path: string) => Promise.resolve(path),
  resolvePath: (path: string) => Promise.resolve(`${path}.snap`),
  saveSnapshotFile: () => Promise.resolve(),
  readSnapshotFile: () => Promise.resolve(null),
  removeSnapshotFile: () => Promise.resolve(),
};

const state: Record<string, unknown> = {};

function provideState(config: Record<string, unknown>): void {
  const nothing = (): Promise<void> => Promise.resolve();
  Object.assign(state, {
    ctx: { pool: 'forks', files: [], config, workerId: 1, projectName: '' },
    config,
    environment: { name: 'node', viteEnvironment: 'ssr' },
    rpc: new Proxy({}, { get: () => nothing }),
    durations: { environment: 0, prepare: 0 },
    providedContext: {},
    metaEnv: process.env,
    evaluatedModules: {
      idToModuleMap: new Map(),
      fileToModulesMap: new Map(),
      getModuleById: () => undefined,
    },
    resolvingModules: new Set(),
    moduleExecutionInfo: new Map(),
    onCancel: () => {},
    onCleanup: () => {},
  });
  Object.defineProperty(globalThis, '__vitest_worker__', {
    value: state,
    configurable: true,
    writable: true,
  });
}

function reportOf(file: File): TestsReport['files'][number] {
  const tests: TestReport[] = [];
  const visit = (task: Task, path: readonly string[]): void => {
    if (tests.length >= MOST_TESTS) return;
    if (task.type === 'test') tests.push(testOf(task, [...path, task.name]));
    else for (const each of task.tasks) visit(each, [...path, task.name]);
  };
  for (const task of file.tasks) visit(task, []);
  const suites: Task[] = [file];
  const problems: TestError[] = [];
  for (let suite = suites.pop(); suite !== undefined; suite = suites.pop()) {
    if (suite.type === 'test') continue;
    problems.push(...errorsOf(suite));
    suites.push(...suite.tasks);
  }
  return { path: file.filepath, problems: problems.slice(0, 5), tests };
}

function testOf(task: Test, path: readonly string[]): TestReport {
  const state = task.result?.state;
  return {
    name: path.join(' > ').slice(0, 300),
    state: state === 'pass' ? 'passed' : state === 'fail' ? 'failed' : 'skipped',
    errors: state === 'fail' ? errorsOf(task) : [],
  };
}

function errorsOf(task: Task): TestError[] {
  return (task.result?.errors ?? []).slice(0, 3).map((error) => ({
    name: String(error.name ?? 'Error').slice(0, 100),
    message: String(error.message ?? '').slice(0, 1_000),
    stack: placesOf(String(error.stack ?? '')),
    late: /^(Test|Hook) timed out in \d+ms/.test(String(error.message)),
  }));
}

/** The lines of a stack that may lie in the learner's files. */
function placesOf(stack: string): string {
  const lines = stack.split('\n').filter((line) => line.startsWith('    at ') && !line.includes(OWN));
  return lines.join('\n').slice(0, 4_000);
}

/** Where this file and Vitest lie. */
const OWN = new URL('.', import.meta.url).href.replace(/\/tests\/$/, '/');
