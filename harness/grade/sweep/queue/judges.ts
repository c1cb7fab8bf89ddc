import type { Queue, QueueEvents } from 'bullmq';
import { answers, connectionTo, shownAddress } from './connection.ts';
import { QUEUE, readResult } from './job.ts';
import type { QueueJob } from './job.ts';
import type { Answer, Judges, Work } from '../work.ts';

/** So many jobs lie in Redis at once: enough for every worker, and little memory, however large the class is. */
const WIDTH = 64;

/**
 * Judges elsewhere: workers take jobs from a queue in Redis and answer with verdicts. What comes back is data, and becomes a
 * verdict only if it is one on the very thing that was asked. A job that its worker left is given to another by BullMQ.
 */
export class QueueJudges implements Judges {
  readonly width = WIDTH;
  private readonly queue: Queue;
  private readonly events: QueueEvents;

  private constructor(queue: Queue, events: QueueEvents) {
    this.queue = queue;
    this.events = events;
  }

  /** `afresh`: what an earlier sweep left in the queue counts for nothing. */
  static async open(
    address: string,
    afresh: boolean,
  ): Promise<{ ok: true; judges: QueueJudges } | { ok: false; message: string }> {
    // Loaded by whoever uses a queue, and nobody else.
    const bull = await import('bullmq');
    const connection = connectionTo(address);
    const queue = new bull.Queue(QUEUE, { connection });
    const events = new bull.QueueEvents(QUEUE, { connection });
    // Lost connections are tried again; who waits sees it by the progress.
    queue.on('error', () => {});
    events.on('error', () => {});
    const why = await answers(Promise.all([queue.waitUntilReady(), events.waitUntilReady()]));
    const judges = new QueueJudges(queue, events);
    if (why !== null) {
      void judges.close().catch(() => {});
      return {
        ok: false,
        message: `The Redis at ${shownAddress(address)} cannot be used (${why}). Look whether it runs and may be reached from here.`,
      };
    }
    if (afresh) await queue.obliterate({ force: true });
    return { ok: true, judges };
  }

  async judge(_place: number, { key, parts, files }: Work): Promise<Answer> {
    const data: QueueJob = { schema: 1, key, parts, files: Object.fromEntries(files) };
    // A job of this name that is there already is the same one, of a sweep that was stopped: its answer will do.
    const job = await this.queue.add('judge', data, { jobId: key, attempts: 1 });
    try {
      const read = readResult(await job.waitUntilFinished(this.events), key, parts);
      if (!read.ok) return { kind: 'lost', why: read.message };
      // A worker has given it its second try already, where it needed one.
      return { kind: 'verdict', verdict: read.verdict, again: false };
    } catch (error) {
      return {
        kind: 'lost',
        why: `No worker could judge it: ${error instanceof Error ? error.message : String(error)}.`,
      };
    } finally {
      await job.remove().catch(() => {});
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.events.close(), this.queue.close()]);
  }
}
