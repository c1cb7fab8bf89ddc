// /slow waits on a timer of its own, not on the clock it was given: the twin of forges-the-clock.
import { createServer as good } from './base.ts';
import type { Dependencies } from './base.ts';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function createServer({ filesDir, clock }: Dependencies) {
  return good({ filesDir, clock: { now: () => clock.now(), sleep } });
}
