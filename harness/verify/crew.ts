import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Verdict } from '../verdict/verdict.ts';
import { atExit } from '../subject/exit.ts';
import type { KnownSubject } from './subject.ts';

/** One check that a worker does. */
export type Job = { subject: KnownSubject; seed: number; order: 'building' | 'random' };

export type JobDone = { verdict: Verdict; fingerprints: [string, string][] };

/** A job over the pipe: maps become pairs. */
export type JobMessage = {
  exercise: string;
  folder: string;
  files: [string, string][];
  seed: number;
  order: Job['order'];
};

/** Environment that a run is made under: suites and programs must not depend on it. */
export type Surroundings = { TZ: string; LANG: string };

/**
 * Judges many subjects side by side, one worker process for each core. Workers are our own code; programs still run in
 * hosts of theirs.
 */
export async function runJobs(
  root: string,
  build: string,
  jobs: readonly Job[],
  surroundings: Surroundings,
  onDone: (job: Job, done: JobDone) => void,
): Promise<void> {
  const waiting = [...jobs];
  const count = Math.min(availableParallelism(), jobs.length);
  await Promise.all(
    Array.from({ length: count }, async () => {
      const worker = startWorker(root, build, surroundings);
      try {
        for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
          onDone(job, await ask(worker.child, job));
        }
      } finally {
        worker.end();
      }
    }),
  );
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

function ask(child: ChildProcess, { subject, seed, order }: Job): Promise<JobDone> {
  const message: JobMessage = {
    exercise: subject.exercise,
    folder: subject.folder,
    files: [...subject.files],
    seed,
    order,
  };
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void =>
      reject(
        new Error(`a worker ended with code ${code} while it judged ${subject.exercise} ${subject.name}`),
      );
    child.once('exit', onExit);
    child.once('message', (done) => {
      child.off('exit', onExit);
      resolve(done as JobDone);
    });
    child.send(message);
  });
}
