import type { MessagePort } from 'node:worker_threads';
import type { SubjectEvent } from '../subject/subject.ts';
import type { Envelope, SuiteReply, SuiteRequest } from './link.ts';

let port: MessagePort | null = null;
let nextId = 1;
const open = new Map<number, (reply: SuiteReply) => void>();

/** Gives the suite its line to the main process; done once, by the worker's entry. */
export function connect(to: MessagePort): void {
  port = to;
  to.on('message', (message: Envelope<SuiteReply> | { event: SubjectEvent }) => {
    if ('event' in message) {
      listeners.get(message.event.part)?.(message.event);
      return;
    }
    open.get(message.id)?.(message.body);
    open.delete(message.id);
  });
  // Vitest ends the worker when its tests are done; this line must not keep it alive.
  to.unref();
}

const listeners = new Map<string, (event: SubjectEvent) => void>();

/** Who is told what hosts of a part say unasked: the rule that runs. */
export function listen(part: string, to: (event: SubjectEvent) => void): void {
  listeners.set(part, to);
}

/** Asks the main process. */
export function ask(body: SuiteRequest): Promise<SuiteReply> {
  if (port === null) throw new Error('a suite runs only inside a check');
  const id = nextId++;
  const line = port;
  return new Promise((resolve) => {
    open.set(id, resolve);
    line.postMessage({ id, body } satisfies Envelope<SuiteRequest>);
  });
}
