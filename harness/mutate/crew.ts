import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { atExit } from '../subject/exit.ts';
import type { RuleResult } from '../verdict/verdict.ts';

/** What is the same for all mutants of an exercise. Maps become pairs on their way over the pipe. */
export type WorkerPlan = {
  exercise: string;
  /** Where the solution lies. */
  folder: string;
  files: [string, string][];
  /** By part: the text with all mutants of code. */
  texts: [string, string][];
};

/** Rules that are tried, in this order, until one fails. */
export type Task = {
  rules: readonly string[];
  subject:
    | { kind: 'plain' }
    | { kind: 'active'; number: string }
    | { kind: 'file'; file: string; text: string }
    /** No mutant is active; the numbers of those that it comes by are written to a file. */
    | { kind: 'recorded'; to: string };
  seed: number;
  /** Multiplies all time limits. */
  pace: number;
  /** After so many milliseconds the program is taken to have no end. */
  withinMs: number;
};

export type WorkerMessage = { kind: 'plan'; plan: WorkerPlan } | { kind: 'task'; task: Task };

export type TaskDone = {
  /** It was stopped because it took too long. */
  endless: boolean;
  /** Of the rules that were asked for; after the first that failed all others are untried. */
  results: {
    rule: string;
    status: RuleResult['status'];
    cause: RuleResult['cause'];
    /** What was expected, and what came; null: it did not fail. */
    why: string | null;
    ms: number;
  }[];
  /** Why the program, or a part of it, could not be met at all; null: it could. */
  error: string | null;
  /** The suite or the harness itself failed. */
  isOurs: boolean;
  /** For each rule the files that it asked for by name. */
  sources: [string, string[]][];
  ms: number;
};

/** The longest that one mutant may take, in milliseconds. Beyond it a worker hangs, and that is a bug of ours. */
const TRIED_WITHIN = 5 * 60_000;

/** Processes of our own code that try mutants side by side; programs still run in hosts of theirs. */
export class Crew {
  private readonly workers: { child: ChildProcess; forget: () => void }[];

  /** `build`: the folder of the built harness. */
  constructor(root: string, build: string, count: number) {
    this.workers = Array.from({ length: count }, () => {
      const child = fork(join(build, 'mutate-worker.js'), [root], {
        env: { ...process.env, TZ: 'UTC', LANG: 'C', NO_COLOR: '1' },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      return { child, forget: atExit(() => void child.kill()) };
    });
  }

  /** Tells all workers what the tasks to come are about. */
  plan(plan: WorkerPlan): void {
    for (const { child } of this.workers) child.send({ kind: 'plan', plan } satisfies WorkerMessage);
  }

  /** Does one task for each item, side by side. `task`: asked when a worker is free for it. */
  async each<T>(
    items: readonly T[],
    task: (item: T) => Task,
    onDone: (item: T, done: TaskDone) => void,
  ): Promise<void> {
    const waiting = [...items];
    await Promise.all(
      this.workers.map(async ({ child }) => {
        for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
          const asked = task(item);
          const done = await ask(child, asked);
          // On a machine that is busy, what went wrong on our own side, or took too long, may go right the next time. Else a
          // change of a mere word would count as killed.
          onDone(item, done.isOurs || done.endless ? await ask(child, asked) : done);
        }
      }),
    );
  }

  /** Ends all workers, and with them what they started. */
  end(): void {
    for (const { child, forget } of this.workers) {
      forget();
      child.kill();
    }
  }
}

function ask(child: ChildProcess, task: Task): Promise<TaskDone> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`a mutant was not judged within ${TRIED_WITHIN / 60_000} minutes`));
    }, TRIED_WITHIN);
    const onExit = (code: number | null): void =>
      reject(new Error(`a worker ended with code ${code} while it tried a mutant`));
    child.once('exit', onExit);
    child.once('message', (done) => {
      clearTimeout(timer);
      child.off('exit', onExit);
      resolve(done as TaskDone);
    });
    child.send({ kind: 'task', task } satisfies WorkerMessage);
  });
}
