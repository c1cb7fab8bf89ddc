import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { createHandlers, createQueue, createWorker } from './jobs.ts';
import type { Clock, Json } from './queue.ts';
import type { Handler } from './worker.ts';

/**
 * Your queue by hand: `npx tsx exercises/08-job-queue/src/main.ts`, with a command. The check does not use this file.
 *
 *     worker                       works until Ctrl+C; start two of them
 *     enqueue TYPE JSON            such as: enqueue buildReport '{"month":7}'
 *     show ID
 *     dead                         lists what has failed for good
 *     retry ID
 *
 * Jobs lie in the file that JOBS_DB names, else in one of the system's folder for temporary files.
 */
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const clock: Clock = { now: Date.now, sleep };

/** Each of these goes wrong in a way of its own. */
const others: Record<string, Handler> = {
  async buildReport() {
    await sleep(20_000); // long enough for you to kill the worker
  },
  async resizeImage() {
    await sleep(1_000);
    if (Math.random() < 0.5) throw new Error('the picture store is busy');
  },
  async deliverWebhook() {
    await sleep(200);
    throw new Error('410 Gone');
  },
};

function told([type, handler]: [string, Handler]): [string, Handler] {
  return [
    type,
    async (payload, run) => {
      console.log(`job ${run.id}: ${type}, attempt ${run.attempt}`);
      try {
        await handler(payload, run);
        console.log(`job ${run.id}: ended`);
      } catch (error) {
        console.log(`job ${run.id}: failed,`, error instanceof Error ? error.message : error);
        throw error;
      }
    },
  ];
}

const db = new Database(process.env['JOBS_DB'] ?? join(tmpdir(), 'workbook-jobs.sqlite'));
const queue = createQueue({ db, clock });
const [command, first = '', second = 'null'] = process.argv.slice(2);

switch (command) {
  case 'worker': {
    const mailer = { send: async (mail: unknown) => console.log('mail', mail) };
    const handlers = { ...createHandlers({ db, mailer }), ...others };
    const worker = createWorker({
      queue,
      handlers: Object.fromEntries(Object.entries(handlers).map(told)),
      clock,
      concurrency: 2,
      leaseMs: 10_000,
      pollMs: 500,
      retry: { baseMs: 1_000, maxMs: 60_000 },
    });
    process.once('SIGINT', () => {
      console.log('no new jobs; those that run have ten seconds');
      void worker.stop({ graceMs: 10_000 }).then(() => process.exit());
    });
    worker.start();
    setInterval(() => {}, 60_000); // a worker that waits for nothing would end the process
    console.log('working');
    break;
  }
  case 'enqueue':
    console.log(queue.enqueue(first, JSON.parse(second) as Json));
    break;
  case 'show':
    console.log(queue.get(idOf(first)));
    break;
  case 'dead':
    console.table(queue.deadLetters());
    break;
  case 'retry':
    console.log(queue.retryDead(idOf(first)));
    break;
  default:
    console.log('worker | enqueue TYPE JSON | show ID | dead | retry ID');
}

/** Ids of digits are numbers; when yours are texts of digits, return the text. */
function idOf(text: string): string | number {
  return /^\d+$/.test(text) ? Number(text) : text;
}
