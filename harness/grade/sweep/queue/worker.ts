import type { Job, Worker } from 'bullmq';
import type { Exercise } from '../../../catalog/exercise.ts';
import { suiteDigest } from '../../../check/files.ts';
import type { LevelProbe } from '../../level.ts';
import { digestOfBuild } from '../../provenance.ts';
import { Crew } from '../crew.ts';
import { nodeVersion } from '../work.ts';
import { answers, connectionTo, shownAddress } from './connection.ts';
import { mismatch, QUEUE, readJob } from './job.ts';
import type { QueueJob } from './job.ts';

/** A job that so many workers left without an answer is given up. */
const MOST_STALLS = 3;

export type WorkerOptions = {
  address: string;
  root: string;
  build: string;
  /** The workbook's version. */
  harness: string;
  exercises: readonly Exercise[];
  lanes: number;
  /** Milliseconds without a sign, after which a worker is taken for dead. */
  patience: number;
  probe: LevelProbe;
  onDone: (count: number) => void;
};

export type WorkerEnd = { ok: false; message: string };

/** A worker that runs. `end`: why it had to give up, when it does. */
export type RunningWorker = { end: Promise<WorkerEnd>; close: () => Promise<void> };

/**
 * Takes jobs from a queue and judges them with this checkout. A job that wants another suite, harness, Node.js or level than
 * there is here goes back for others, and this worker ends: nothing is ever judged with something else than was asked.
 */
export async function startWorker(
  options: WorkerOptions,
): Promise<{ ok: true; worker: RunningWorker } | WorkerEnd> {
  const { address, root, build, harness, lanes, patience, onDone } = options;
  const bull = await import('bullmq');
  const crew = new Crew({ root, build, harness, width: lanes, whole: true });
  const digest = digestOfBuild(build);
  const free = Array.from({ length: lanes }, (_, place) => place);
  let giveUp: (end: WorkerEnd) => void = () => {};
  const end = new Promise<WorkerEnd>((resolve) => (giveUp = resolve));
  let done = 0;

  const judge = async (job: QueueJob): Promise<unknown> => {
    const place = free.pop() ?? 0;
    try {
      const work = { key: job.key, parts: job.parts, files: new Map(Object.entries(job.files)), first: null };
      const answer = await crew.judge(place, work);
      if (answer.kind === 'lost') throw new bull.UnrecoverableError(answer.why);
      onDone(++done);
      return { schema: 1, key: job.key, verdict: answer.verdict };
    } finally {
      free.push(place);
    }
  };

  const process = async (given: Job, token: string | undefined): Promise<unknown> => {
    const read = readJob(given.data);
    if (!read.ok) throw new bull.UnrecoverableError(read.message);
    const why = await refusal(read.job, digest, options);
    if (why === null) return await judge(read.job);
    // Another worker may be able to.
    giveUp({ ok: false, message: why });
    await given.moveToWait(token);
    throw new bull.WaitingError();
  };

  const worker: Worker = new bull.Worker(QUEUE, process, {
    connection: connectionTo(address),
    concurrency: lanes,
    lockDuration: patience,
    stalledInterval: patience,
    maxStalledCount: MOST_STALLS,
  });
  worker.on('error', () => {});
  const close = async (): Promise<void> => {
    await Promise.all([worker.close(true), crew.close()]);
  };
  const why = await answers(worker.waitUntilReady());
  if (why === null) return { ok: true, worker: { end, close } };
  void close().catch(() => {});
  return {
    ok: false,
    message: `The Redis at ${shownAddress(address)} cannot be used (${why}). Look whether it runs and may be reached from here.`,
  };
}

/** Why this checkout cannot judge a job; null: it can. */
async function refusal({ parts }: QueueJob, harness: string, options: WorkerOptions): Promise<string | null> {
  const exercise = options.exercises.find(({ id }) => id === parts.exercise);
  if (exercise === undefined) return `${DIFFERS} there is no exercise ${parts.exercise} here. ${SAME}`;
  const here = { exercise: exercise.id, suite: suiteDigest(exercise), harness, node: nodeVersion() };
  const differs = mismatch(parts, here);
  if (differs.length > 0) return `${DIFFERS} ${differs.join(', ')}. ${SAME}`;
  const level = await options.probe(parts.isolation);
  if (level.ok) return null;
  return `The sweep asks for isolation ${parts.isolation}, and here that does not work. ${level.why} ${level.help ?? ''}`;
}

const DIFFERS = 'This worker cannot judge what the sweep asks for:';
const SAME = 'Check out the same commit as the sweep, run npm ci, use the same Node.js, and start it again.';
