// canary 016942c848927c1de9bfda9b
import { rule, step } from '#suite';
import { Bench } from './limiter.ts';
import type { Limiter } from './limiter.ts';

rule('R11', async (t) => {
  const bench = new Bench(t);
  const fixed = bench.window('fixedWindow');
  const sliding = bench.window('slidingWindow');
  const bucket = bench.bucket(10, 2);
  await step(t, 'fixedWindow: late in a window', async () => {
    await bench.toWindowStart(fixed);
    const key = bench.key();
    await bench.mustAllow(fixed, key, fixed.budget);
    await bench.pass(fixed.spanMs * t.random.pick([0.3, 0.5, 0.7]));
    await mustComeBack(bench, fixed, key, fixed.spanMs + 1000);
  });
  await step(t, 'slidingWindow: after a burst', async () => {
    await bench.toWindowStart(sliding);
    const key = bench.key();
    await bench.mustAllow(sliding, key, sliding.budget);
    await mustComeBack(bench, sliding, key, sliding.spanMs * 2 + 1000);
  });
  await step(t, 'slidingWindow: after takes that were spread', async () => {
    await bench.toWindowStart(sliding);
    const key = bench.key();
    for (let i = 0; i < sliding.budget; i++) {
      await bench.mustTake(sliding, key, 'a take that is allowed');
      await bench.pass((sliding.spanMs * 0.9) / sliding.budget);
    }
    await mustComeBack(bench, sliding, key, sliding.spanMs * 2 + 1000);
    await mustComeBack(bench, sliding, key, sliding.spanMs * 2 + 1000, { spend: true });
  });
  await step(t, 'tokenBucket: one token', async () => {
    const key = bench.key();
    await bench.mustAllow(bucket, key, bucket.budget);
    await bench.pass(200);
    await mustComeBack(bench, bucket, key, 300 + 1000);
  });
  await step(t, 'tokenBucket: many tokens', async () => {
    const key = bench.key();
    await bench.mustAllow(bucket, key, bucket.budget);
    await mustComeBack(bench, bucket, key, 3500 + 1000, { cost: 7 });
  });
  await step(t, 'tokenBucket: a few tokens are missing', async () => {
    const key = bench.key();
    await bench.mustTake(bucket, key, 'cost 4 is allowed', 4);
    await mustComeBack(bench, bucket, key, 1500 + 1000, { cost: 9 });
  });
});

/** A refused take names a time that is not too long, and after it the same take is allowed. */
async function mustComeBack(
  bench: Bench,
  limiter: Limiter,
  key: string,
  longestMs: number,
  { cost = null, spend = false }: { cost?: number | null; spend?: boolean } = {},
): Promise<void> {
  if (spend) await bench.takes(limiter, key, limiter.budget);
  const costs = cost === null ? [] : [cost];
  const { retryAfterMs } = await bench.mustRefuse(limiter, key, 'a take that is refused', ...costs);
  const expected = `retryAfterMs of at most ${longestMs}`;
  bench.must(retryAfterMs <= longestMs, limiter, key, expected, `retryAfterMs ${retryAfterMs}`);
  await bench.pass(Math.ceil(retryAfterMs) + 1);
  await bench.mustTake(limiter, key, `allowed after the ${retryAfterMs} ms of retryAfterMs`, ...costs);
}

rule('R12', async (t) => {
  const bench = new Bench(t);
  const limiter = bench.bucket(10, 1);
  await step(t, 'a clock that goes back', async () => {
    const key = bench.key();
    await bench.mustAllow(limiter, key, 10);
    await bench.pass(-5000);
    await bench.mustRefuse(limiter, key, 'refused: the bucket is empty, whatever the clock says');
    await bench.pass(5000);
    await bench.mustRefuse(limiter, key, 'refused: the same five seconds do not count twice');
    await bench.pass(1005);
    await bench.mustAllow(limiter, key, 1);
  });
  await step(t, 'retryAfterMs when the clock went back', async () => {
    const key = bench.key();
    await bench.mustAllow(limiter, key, 10);
    await bench.pass(-5000);
    // Five seconds until the clock is where it was, and one for a token.
    await mustComeBack(bench, limiter, key, 6000 + 1000);
  });
  await step(t, 'two machines whose clocks differ', async () => {
    const key = bench.key();
    // All that a call knows of its machine is the clock, so the slow machine can be this one with its clock turned back.
    await bench.mustTake(limiter, key, 'a full bucket');
    await bench.pass(5000);
    let allowed = 1;
    for (let i = 0; i < 12; i++) {
      if ((await bench.take(limiter, key)).allowed) allowed++;
      await bench.turnClock(-5000);
      if ((await bench.take(limiter, key)).allowed) allowed++;
      await bench.turnClock(5000);
    }
    // One was taken, and five seconds refilled it; a slow clock may cost tokens, and never make any.
    const expected = 'at most 11 takes allowed: 1, and then a full bucket of 10';
    bench.must(allowed <= 11, limiter, key, expected, `${allowed} allowed`);
    bench.must(allowed >= 6, limiter, key, 'some of them allowed', `${allowed} allowed`);
  });
});

rule('R13', async (t) => {
  const bench = new Bench(t);
  const limiter = bench.bucket(10, 1);
  const key = bench.key();
  await step(t, 'a cost of 1 and of the whole capacity', async () => {
    await bench.mustTake(limiter, bench.key(), 'cost 10 is allowed where 10 tokens are left', 10);
    await bench.mustTake(limiter, key, 'cost 1 is allowed', 1);
  });
  for (const cost of [-5, 0, 0.5, Number.NaN, 11, Number.POSITIVE_INFINITY]) {
    await step(t, `a cost of ${cost}`, async () => {
      const outcome = await t.call(...bench.call(limiter, key, cost));
      const got = 'value' in outcome ? outcome.value : 'an exception';
      bench.must('threw' in outcome, limiter, key, `an exception for a cost of ${cost}`, got);
    });
  }
  await step(t, 'the bucket is as it was', () => bench.mustAllow(limiter, key, 9));
});
