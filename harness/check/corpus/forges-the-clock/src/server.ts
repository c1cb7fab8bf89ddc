// As waits-on-real-time, and it says that ten are waiting on the clock when the host is asked.
import { writeSync } from 'node:fs';
import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const parse = JSON.parse;
JSON.parse = (text: string, ...rest: []) => {
  const question = parse(text, ...rest) as { id: number; op: string } | null;
  if (question?.op === 'waiting') {
    const answer = Buffer.from(JSON.stringify({ id: question.id, result: { kind: 'done' } }));
    writeSync(3, Buffer.concat([Buffer.from([0, 0, 0, answer.length]), answer]));
  }
  return question;
};

export function createServer({ filesDir, clock }: Dependencies) {
  return good({ filesDir, clock: { now: () => clock.now(), sleep } });
}
