import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Vitest } from 'vitest/node';
import type { SubjectEvent } from '../subject/subject.ts';
import type { Envelope, SuiteReply, SuiteRequest } from '../suite/link.ts';
import { atSource, bundleSuites, isSuiteModule, suiteModule } from './suite-text.ts';
import type { Bundled, SuiteText } from './suite-text.ts';

/** What the thread of a suite asks is answered by this. */
export type Answerer = (request: SuiteRequest) => Promise<SuiteReply>;

export type EngineRun = { ok: true } | { ok: false; why: string };

/** A whole run of a suite may take this long, in milliseconds. Beyond it the suite itself hangs. */
const RUN_WITHIN = 180_000;

/** How long Vitest may take to end what it does with a thread, in milliseconds. */
const LET_GO_WITHIN = 20_000;

type Thread = { worker: Worker; port: MessagePort; dead: boolean };

export type EngineOptions = {
  /**
   * One thread for all runs. Suites are read anew for each, and only the harness's own part of the thread is kept: a
   * fifth of a second less for each run.
   */
  keepThread?: boolean;
};

/** `digest`: of what the suites are made of; null: nobody knows, so they are good for one run. */
type Bundling = { suites: readonly string[]; digest: string | null; bundled: Promise<Bundled> };

/**
 * Vitest, driven through its API with a config built here and nothing read from the disk: no config file of the
 * workbook, of the learner or of a submission is looked at. Suites run in a worker thread of our own, which is started at
 * once so that it loads while Vitest itself is still being loaded.
 */
export class Engine {
  private readonly root: string;
  private readonly build: string;
  private readonly keepThread: boolean;
  private spare: Thread | null;
  private current: Thread | null = null;
  private vitest: Promise<Vitest> | null = null;
  private bundling: Bundling | null = null;
  private running: { id: string; code: string } | null = null;
  private testErrors: string[] = [];
  /** Vitest lets go of a thread after it has told the result of a run: the next one has to wait for that. */
  private letGo: Promise<void> = Promise.resolve();

  /** `build`: the folder of the built harness. */
  constructor(root: string, build: string, { keepThread = false }: EngineOptions = {}) {
    this.root = root;
    this.build = build;
    this.keepThread = keepThread;
    this.spare = this.startThread();
  }

  /**
   * Begins to load Vitest, and the suites of the run to come, for a caller that has other things to do meanwhile.
   * `digest`: of all that the suites are made of; with the same one, what was made of them before is used again.
   */
  warm(suites: readonly string[] = [], digest: string | null = null): void {
    // Whoever knows no digest and keeps its thread knows that its suites stay as they are.
    const isKnown = digest === null ? this.keepThread : this.bundling?.digest === digest;
    const isThere = this.bundling?.suites === suites && isKnown;
    if (suites.length > 0 && !isThere) this.bundling = { suites, digest, bundled: bundleSuites(suites) };
    this.vitest ??= this.create();
  }

  /**
   * Runs the suites of one exercise, in a fresh thread unless threads are kept. One run at a time. `within`: milliseconds; null: a run that a
   * person holds up may take as long as the person likes.
   */
  async run(
    folder: string,
    suites: readonly string[],
    answer: Answerer,
    within: number | null = RUN_WITHIN,
  ): Promise<EngineRun> {
    this.testErrors = [];
    const early = this.bundling?.suites === suites ? await this.bundling.bundled : null;
    const isGoodForOne = this.bundling?.digest === null && !this.keepThread;
    if (isGoodForOne || early?.ok !== true) this.bundling = null;
    // Once more when it failed: a program that takes the compiler down takes the suites' turn down with it.
    const bundled = early?.ok === true ? early : await bundleSuites(suites);
    if (!bundled.ok) return bundled;
    const { text } = bundled;
    const before = this.running;
    this.running = { id: suiteModule(folder), code: text.code };
    const thread = this.spare ?? this.startThread();
    this.current = thread;
    this.spare = null;
    const { port } = thread;
    const onMessage = ({ id, body }: Envelope<SuiteRequest>): void => {
      void this.reply(port, id, answer(withPlaces(body, text)));
    };
    port.on('message', onMessage);
    const vitest = await (this.vitest ??= this.create());
    const spec = vitest.getRootProject().createSpecification(this.running.id);
    const isSame = before?.code === text.code && before.id === this.running.id;
    // The thread reads the text anew for every run; it is transformed again only when it is another one.
    if (!isSame) vitest.invalidateFile(spec.moduleId);
    const timeout = within === null ? null : this.endAfter(within);
    try {
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications([spec], false);
      const errors = [
        // Vitest keeps the modules of earlier runs, with what went wrong in them.
        ...testModules
          .filter((module) => module.moduleId === spec.moduleId)
          .flatMap((module) => module.errors().map((error) => error.stack ?? error.message)),
        ...unhandledErrors.map((error) =>
          error instanceof Error ? (error.stack ?? error.message) : JSON.stringify(error),
        ),
        ...this.testErrors,
      ];
      return errors.length === 0 ? { ok: true } : { ok: false, why: atSource(errors.join('\n'), text) };
    } finally {
      if (timeout !== null) clearTimeout(timeout);
      port.off('message', onMessage);
      if (this.keepThread && (await this.isFree(thread))) this.spare = thread;
      else port.close();
    }
  }

  /** Passes on what a host says unasked. */
  tell(event: SubjectEvent): void {
    this.current?.port.postMessage({ event });
  }

  /** Starts the next thread ahead of time, for a caller that will run again. */
  prepare(): void {
    this.spare ??= this.startThread();
  }

  /** Ends the run by force, whatever its suite waits for. */
  abandon(): void {
    this.testErrors.push('the check was abandoned');
    void this.current?.worker.terminate();
  }

  async close(): Promise<void> {
    await this.spare?.worker.terminate();
    await this.current?.worker.terminate();
    await (await this.vitest)?.close();
  }

  private async reply(port: MessagePort, id: number, answer: Promise<SuiteReply>): Promise<void> {
    try {
      port.postMessage({ id, body: await answer } satisfies Envelope<SuiteReply>);
    } catch (error) {
      // A bug of ours: the suite would wait for good.
      this.testErrors.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      await this.current?.worker.terminate();
    }
  }

  /** Whether a thread can be used again. One that Vitest does not let go of is ended. */
  private async isFree(thread: Thread): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), LET_GO_WITHIN)));
    const free = await Promise.race([this.letGo.then(() => true), late]);
    clearTimeout(timer);
    if (!free) await thread.worker.terminate();
    return free && !thread.dead;
  }

  private startThread(): Thread {
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(pathToFileURL(join(this.build, 'worker.js')), {
      workerData: { link: port2, compiled: join(this.build, 'compiled') },
      transferList: [port2],
      // Suites are silent about themselves; what they print by accident goes nowhere.
      stdout: true,
      stderr: true,
      env: { NODE_ENV: 'test', ...(process.env.TZ === undefined ? {} : { TZ: process.env.TZ }) },
      execArgv: [],
    });
    const thread = { worker, port: port1, dead: false };
    worker.on('error', (error) => this.testErrors.push(error.stack ?? error.message));
    worker.on('exit', () => (thread.dead = true));
    worker.unref();
    return thread;
  }

  private endAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.testErrors.push(`the suite did not end within ${ms / 1000} seconds`);
      void this.current?.worker.terminate();
    }, ms);
  }

  private async create(): Promise<Vitest> {
    const { createVitest } = await import('vitest/node');
    return await createVitest(
      'test',
      {
        root: this.root,
        config: false,
        watch: false,
        include: [],
        reporters: [{}],
        allowOnly: false,
        coverage: { enabled: false },
        css: false,
        maxWorkers: 1,
        fileParallelism: false,
        testTimeout: 0,
        hookTimeout: 0,
        teardownTimeout: 1_000,
        experimental: { fsModuleCache: false },
        // The built harness is loaded once, by Node itself: a second copy would not know the line to this process.
        server: { deps: { external: [/[\\/]\.workbook[\\/]build/] } },
        pool: { name: 'workbook', createPoolWorker: () => this.poolWorker() },
      },
      {
        envDir: false,
        publicDir: false,
        cacheDir: join(this.root, '.workbook', 'vite'),
        logLevel: 'silent',
        css: { postcss: { plugins: [] } },
        // It would take the nearest tsconfig.json into account, and that may be the learner's.
        oxc: false,
        optimizeDeps: { noDiscovery: true, include: [] },
        server: { watch: null, ws: false, middlewareMode: true },
        plugins: [
          {
            name: 'workbook-suites',
            enforce: 'pre',
            resolveId: (id: string) => {
              // Asked for below Vite's root or by its whole path; one name, or a later run would get this one's text.
              if (isSuiteModule(id)) return this.running?.id ?? null;
              if (id === '#suite') return { id: join(this.build, 'index.js'), external: true };
              if (id === '#runner') return { id: join(this.build, 'runner.js'), external: true };
              return null;
            },
            load: (id: string) => (isSuiteModule(id) ? (this.running?.code ?? null) : null),
          },
        ],
      },
      // Vitest hides the cursor and writes of its own accord; what a check says is said by the verdict alone.
      { stdout: nowhere(), stderr: nowhere() },
    );
  }

  private poolWorker() {
    const { worker } = this.current as Thread;
    let markLetGo = (): void => {};
    this.letGo = new Promise((resolve) => (markLetGo = resolve));
    const heard: [string, (arg: unknown) => void][] = [];
    return {
      name: 'workbook',
      on: (event: string, callback: (arg: unknown) => void) => {
        heard.push([event, callback]);
        worker.on(event, callback);
      },
      off: (event: string, callback: (arg: unknown) => void) => void worker.off(event, callback),
      send: (message: unknown) => worker.postMessage(message),
      deserialize: (data: unknown) => data,
      start: () => Promise.resolve(),
      stop: async () => {
        if (!this.keepThread) await worker.terminate();
        // A thread that is kept must not tell this run of the next one.
        for (const [event, callback] of heard) worker.off(event, callback);
        markLetGo();
      },
    };
  }
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/** A failure of a suite names the place in the suite's own file. */
function withPlaces(request: SuiteRequest, text: SuiteText): SuiteRequest {
  if (request.op !== 'result' || request.result.outcome.status !== 'error') return request;
  const why = atSource(request.result.outcome.why, text);
  return { ...request, result: { ...request.result, outcome: { status: 'error', why } } };
}
