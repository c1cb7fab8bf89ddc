import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '../verdict/verdict.ts';
import { atExit } from '../subject/exit.ts';
import type { KnownSubject } from './subject.ts';

/** One check that a worker does. */
export type Job = {
  subject: KnownSubject;
  seed: number;
  /** Another seed, under which what fails is tried once more; null: none. */
  again: number | null;
  order: 'building' | 'random';
  /** The right program that this one was made from: what cannot differ from it is not tried again. Null: all is tried. */
  base: JobBase | null;
};

/** Files by name; and for each rule the files that it asked for. Maps become pairs on their way over the pipe. */
export type JobBase = { files: [string, string][]; used: [string, string[]][] };

type Judged = { verdict: Verdict; fingerprints: [string, string][] };

/** `tried`: the rules that were; null: all. `again`: what failed, under the other seed. */
export type JobDone = Judged & {
  tried: string[] | null;
  again: Judged | null;
  used: JobBase['used'];
};

export type JobMessage = {
  exercise: string;
  folder: string;
  files: [string, string][];
  seed: number;
  again: Job['again'];
  order: Job['order'];
  base: Job['base'];
};

/** Environment that a run is made under: suites and programs must not depend on it. */
export type Surroundings = { TZ: string; LANG: string };

/** The longest that one check may take, in milliseconds. Beyond it a worker hangs, and that is a bug of ours. */
const JUDGED_WITHIN = 5 * 60_000;

/** While one worker waits for a process to boot, or for a program that hangs, another has the core. */
const WORKERS_MORE_THAN_CORES = 1;

/**
 * Judges many subjects side by side. Workers are our own code; programs still run in hosts of theirs. `onDone` may answer
 * with more to do, which is done next. Throws an Error that names the subject when a worker ends or hangs: a bug of ours,
 * after which no other subject is begun.
 */
export async function runJobs(
  root: string,
  build: string,
  jobs: readonly Job[],
  surroundings: Surroundings,
  onDone: (job: Job, done: JobDone) => Job[],
): Promise<void> {
  const waiting = [...jobs];
  const count = Math.min(availableParallelism() + WORKERS_MORE_THAN_CORES, jobs.length);
  const workers = Array.from({ length: count }, () => startWorker(root, build, surroundings));
  const failures: unknown[] = [];
  await Promise.all(
    workers.map(async ({ child, end }) => {
      try {
        for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
          waiting.unshift(...onDone(job, await ask(child, job)));
        }
      } catch (error) {
        failures.push(error);
        waiting.length = 0;
        // The others would go on with what nobody waits for.
        for (const worker of workers) worker.end();
      } finally {
        end();
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}

function startWorker(
  root: string,
  build: string,
  surroundings: Surroundings,
): { child: ChildProcess; end: () => void } {
  const child = fork(join(build, 'verify-worker.js'), [root], {
    env: { ...process.env, ...surroundings, NO_COLOR: '1' },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const kill = (): void => void child.kill();
  const forget = atExit(kill);
  return {
    child,
    end: () => {
      forget();
      kill();
    },
  };
}

function ask(child: ChildProcess, { subject, ...job }: Job): Promise<JobDone> {
  const { exercise, folder, files } = subject;
  const message: JobMessage = { ...job, exercise, folder, files: [...files] };
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      settle();
      reject(new Error(what));
    };
    const timer = setTimeout(() => {
      fail(`${exercise} ${subject.name} was not judged within ${JUDGED_WITHIN / 60_000} minutes`);
    }, JUDGED_WITHIN);
    const onExit = (code: number | null): void =>
      fail(`a worker ended with code ${code} while it judged ${exercise} ${subject.name}`);
    const onMessage = (done: unknown): void => {
      settle();
      resolve(done as JobDone);
    };
    const settle = (): void => {
      clearTimeout(timer);
      child.off('exit', onExit);
      child.off('message', onMessage);
    };
    child.once('exit', onExit);
    child.once('message', onMessage);
    child.send(message, (error) => {
      if (error !== null)
        fail(`a worker could not be asked for ${exercise} ${subject.name}: ${error.message}`);
    });
  });
}
