import { MessageChannel } from 'node:worker_threads';
import { onTestFinished } from 'vitest';
import { connect } from '../connection.ts';
import type { Envelope, SuiteReply, SuiteRequest } from '../link.ts';

/** For tests: stands in for the main process. Returns all that the suite asked so far. One at a time. */
export function playMain(answer: (request: SuiteRequest) => SuiteReply): SuiteRequest[] {
  const { port1, port2 } = new MessageChannel();
  const asked: SuiteRequest[] = [];
  port2.on('message', ({ id, body }: Envelope<SuiteRequest>) => {
    asked.push(body);
    port2.postMessage({ id, body: answer(body) } satisfies Envelope<SuiteReply>);
  });
  connect(port1);
  onTestFinished(() => port2.close());
  return asked;
}
