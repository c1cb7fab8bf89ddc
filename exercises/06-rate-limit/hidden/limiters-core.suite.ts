// canary 0f5475e2dd92056992563d3f
import { rule, step, Unmet } from '#suite';
import { Bench } from './limiter.ts';
import type { Limiter } from './limiter.ts';
import { expiresWithin, gathered } from './store.ts';

rule('R1', async (t) => {
  const bench = new Bench(t);
  const limiter = bench.window('fixedWindow');
  const { budget, spanMs } = limiter;
  const [key, other] = [bench.key(), bench.key()];
  await bench.toWindowStart(limiter);
  await step(t, 'exactly limit in a window', () => bench.mustAllow(limiter, key, budget));
  await step(t, 'another key has a budget of its own', () =>
    bench.mustTake(limiter, other, 'the first take of another key is allowed'),
  );
  await step(t, 'still refused near the end of the window', async () => {
    await bench.pass(spanMs - 60);
    await bench.mustRefuse(limiter, key, 'refused until the window ends');
  });
  await step(t, 'the next window has a budget of its own', async () => {
    await bench.pass(200);
    await bench.mustAllow(limiter, key, budget);
  });
  await step(t, 'a burst where two windows meet', async () => {
    const fourth = bench.key();
    await bench.toWindowStart(limiter);
    await bench.mustTake(limiter, fourth, 'a take that is allowed');
    await bench.pass(spanMs - 60);
    await bench.mustAllow(limiter, fourth, budget - 1);
    await bench.pass(200);
    await bench.mustAllow(limiter, fourth, budget);
  });
});

rule('R2', async (t) => {
  const bench = new Bench(t);
  const limiter = bench.window('slidingWindow');
  const { budget, spanMs } = limiter;
  await bench.toWindowStart(limiter);
  await step(t, 'exactly limit at one moment', async () => {
    const key = bench.key();
    await bench.mustAllow(limiter, key, budget);
    await bench.mustTake(limiter, bench.key(), 'the first take of another key is allowed');
    await bench.pass(spanMs * 0.5);
    await bench.mustRefuse(limiter, key, 'refused half a window later');
  });
  await step(t, 'no burst where two windows meet', async () => {
    const key = bench.key();
    await bench.toWindowStart(limiter);
    await bench.mustTake(limiter, key, 'a take that is allowed');
    await bench.pass(spanMs * (59 / 60));
    await bench.mustAllow(limiter, key, budget - 1);
    await bench.pass(spanMs * (2 / 60));
    const more = await bench.takes(limiter, key, budget);
    const expected = 'at most 2 takes allowed: nearly the whole budget was spent a moment ago';
    bench.must(more <= 2, limiter, key, expected, `${more} of ${budget} allowed`);
  });
  await step(t, 'a steady client is never refused', async () => {
    const key = bench.key();
    for (let i = 1; i <= budget * 2; i++) {
      await bench.mustTake(limiter, key, `take ${i} at three fifths of the allowed rate is allowed`);
      await bench.pass((spanMs * 5) / 3 / budget);
    }
  });
  await step(t, 'refused takes cost nothing', async () => {
    const key = bench.key();
    await bench.mustAllow(limiter, key, budget);
    let allowed = 0;
    for (let i = 0; i < 24; i++) {
      await bench.pass(spanMs / 8);
      if ((await bench.take(limiter, key)).allowed) allowed++;
    }
    const least = Math.floor(budget / 2);
    const expected = `at least ${least} takes allowed in three windows, although a client keeps asking`;
    bench.must(allowed >= least, limiter, key, expected, `${allowed} allowed`);
    await bench.pass(spanMs * 2 + 1000);
    await bench.mustAllow(limiter, key, budget);
  });
  await step(t, 'remaining is true also when some of the budget is back', async () => {
    const ten = bench.window('slidingWindow', 10);
    const key = bench.key();
    await bench.toWindowStart(ten);
    await bench.mustAllow(ten, key, 10);
    await bench.pass(ten.spanMs * 1.25);
    const { allowed, remaining } = await bench.take(ten, key);
    // How much of it is back is up to the kind of window.
    if (allowed) await bench.mustAllow(ten, key, remaining);
  });
});

rule('R3', async (t) => {
  const bench = new Bench(t);
  const limiter = bench.bucket();
  const { budget } = limiter;
  const tokenMs = 1000 / (limiter.options['refillPerSecond'] ?? 1);
  const key = bench.key();
  await step(t, 'full at first', () => bench.mustAllow(limiter, key, budget));
  await step(t, 'another key has a bucket of its own', () =>
    bench.mustTake(limiter, bench.key(), 'the first take of another key is allowed'),
  );
  await step(t, 'one token comes back', async () => {
    await bench.pass(tokenMs + 5);
    await bench.mustAllow(limiter, key, 1);
  });
  await step(t, 'parts of a token add up while a client asks', async () => {
    const asking = bench.key();
    await bench.mustAllow(limiter, asking, budget);
    await bench.pass(tokenMs * 0.4);
    await bench.mustRefuse(limiter, asking, 'refused after 0.4 of a token');
    await bench.pass(tokenMs * 0.4);
    await bench.mustRefuse(limiter, asking, 'refused after 0.8 of a token');
    await bench.pass(tokenMs * 0.4);
    await bench.mustTake(limiter, asking, 'allowed after 1.2 tokens');
  });
  await step(t, 'parts of a token add up while a client takes', async () => {
    const busy = bench.key();
    // Each time one token goes and 0.6 of one come.
    const takes = Math.floor((budget - 0.6) / 0.4);
    for (let i = 1; i <= takes; i++) {
      await bench.mustTake(
        limiter,
        busy,
        `take ${i} of ${takes} is allowed, with 0.6 of a token between two takes`,
      );
      await bench.pass(tokenMs * 0.6 + 1);
    }
  });
  await step(t, 'never more than capacity', async () => {
    const calm = bench.key();
    await bench.mustTake(limiter, calm, 'a take that is allowed');
    await bench.pass(tokenMs * 2.5);
    await bench.mustAllow(limiter, calm, budget);
    await bench.pass(3_600_000);
    await bench.mustAllow(limiter, calm, budget);
  });
  await step(t, 'what was spent comes back by refilling alone', async () => {
    const spent = bench.key();
    await bench.mustAllow(limiter, spent, budget);
    await bench.pass(tokenMs * (budget - 0.5));
    await bench.mustAllow(limiter, spent, budget - 1);
  });
  await step(t, 'remaining counts whole tokens', async () => {
    const ten = bench.bucket(10, 2);
    const some = bench.key();
    await bench.mustTake(ten, some, 'cost 4 is allowed', 4);
    await bench.pass(305);
    const decision = await bench.mustTake(ten, some, 'cost 1 is allowed');
    bench.must(decision.remaining === 5, ten, some, 'remaining 5: there are 5.61 tokens', decision);
  });
  await step(t, 'more than one token in two milliseconds', async () => {
    const quick = bench.bucket(1000, 600);
    const eager = bench.key();
    await bench.mustTake(quick, eager, 'cost 1000 is allowed', 1000);
    await bench.pass(1001);
    await bench.mustTake(quick, eager, 'cost 600 is allowed after a second', 600);
    await bench.mustRefuse(quick, eager, 'an empty bucket');
  });
  await step(t, 'a take may cost more than one token', async () => {
    const dear = bench.bucket(10, 2);
    const heavy = bench.key();
    for (const left of [6, 2]) {
      const decision = await bench.mustTake(dear, heavy, `cost 4 is allowed, ${left} remain`, 4);
      bench.must(decision.remaining === left, dear, heavy, `remaining ${left}`, decision);
    }
    const two = await bench.mustRefuse(dear, heavy, 'cost 4 is refused where 2 tokens are left', 4);
    bench.must(two.remaining === 2, dear, heavy, 'remaining 2: a take of cost 1 would be allowed', two);
    await bench.mustTake(dear, heavy, 'cost 2 is allowed: a refused take costs nothing', 2);
    await bench.mustRefuse(dear, heavy, 'an empty bucket');
    await bench.pass(505);
    await bench.mustAllow(dear, heavy, 1);
    await bench.pass(1500);
    await bench.mustRefuse(dear, heavy, 'cost 4 is refused where 3 tokens are left', 4);
    await bench.pass(505);
    await bench.mustTake(dear, heavy, 'cost 4 is allowed where 4 tokens are left', 4);
  });
  await step(t, 'one key with each of the three limiters', async () => {
    const shared = bench.key();
    for (const each of bench.each(2)) await bench.mustAllow(each, shared, 2);
  });
});

rule('R4', async (t) => {
  const bench = new Bench(t);
  const count = 12;
  const inStep = async (limiter: Limiter): Promise<void> => {
    const key = bench.key();
    let done = 0;
    bench.store.hold();
    const all = Promise.all(
      Array.from({ length: count }, () => bench.takeOn(1, limiter, key).finally(() => done++)),
    );
    all.catch(() => undefined);
    // All have read before one of them writes, again and again. A program that lets one at a time through is left alone, and
    // so is one on a machine that is too busy for it.
    const begun = Date.now();
    for (let turns = 0; turns < 16 && done < count && Date.now() - begun < t.patience / 2; turns++) {
      await gathered(() => bench.store.waiting + done, count);
      if (bench.store.waiting + done < count) break;
      await bench.store.answerWaiting();
    }
    await bench.store.release();
    mustBeSpent(bench, limiter, key, await all);
  };
  // The second process comes to life while the first one is judged.
  const second = bench.takeOn(2, bench.window('fixedWindow', 4), bench.key());
  second.catch(() => undefined);
  for (const limiter of bench.each(4)) {
    await step(t, `${limiter.name}: ${count} takes at the same moment`, async () => {
      const key = bench.key();
      const calls = Array.from({ length: count }, () => bench.call(limiter, key));
      bench.store.hold();
      const all = t.batch(calls);
      all.catch(() => undefined);
      await bench.store.gathered(count);
      await bench.store.release();
      const decisions = (await all).map((outcome) => bench.decision(limiter, outcome, key));
      mustBeSpent(bench, limiter, key, decisions);
    });
  }
  // Who loses a race as often as others win one is still to get what is left.
  for (const limiter of bench.each(10)) {
    await step(t, `${limiter.name}: ${count} takes that race in step, budget 10`, () => inStep(limiter));
  }
  await step(t, 'a take in another process', () => second);
  for (const limiter of bench.each(4)) {
    await step(t, `${limiter.name}: two processes, one store`, async () => {
      const key = bench.key();
      bench.store.hold();
      const here = Array.from({ length: count / 2 }, () => bench.takeOn(1, limiter, key));
      const there = Array.from({ length: count / 2 }, () => bench.takeOn(2, limiter, key));
      const all = Promise.all([...here, ...there]);
      all.catch(() => undefined);
      await t.quiet();
      await bench.store.release();
      mustBeSpent(bench, limiter, key, await all);
    });
  }
});

function mustBeSpent(
  bench: Bench,
  limiter: Limiter,
  key: string,
  all: readonly { allowed: boolean }[],
): void {
  const { budget } = limiter;
  const allowed = all.filter((decision) => decision.allowed).length;
  const expected = `${budget} of ${all.length} takes allowed`;
  bench.must(allowed === budget, limiter, key, expected, `${allowed} allowed`);
}

rule('R5', async (t) => {
  const bench = new Bench(t);
  for (const limiter of bench.each(2)) {
    await step(t, `${limiter.name}: every write says when it expires`, async () => {
      const { writes } = bench.store;
      writes.length = 0;
      for (const key of [bench.key(), bench.key()]) await bench.takes(limiter, key, 3);
      await bench.pass(limiter.spanMs * 0.6);
      const key = bench.key();
      await bench.takes(limiter, key, 3);
      await bench.pass(limiter.spanMs * 1.1);
      await bench.takes(limiter, key, 3);
      bench.must(
        writes.length >= 4,
        limiter,
        key,
        'takes that are remembered in the store',
        'too few writes',
      );
      const longest = 3 * limiter.spanMs;
      const wrong = writes.find((write) => !expiresWithin(longest)(write));
      if (wrong === undefined) return;
      throw new Unmet({
        expected: `incr and update with a ttlMs above 0 and up to ${longest}`,
        got: `ttlMs ${String(wrong.ttlMs)}`,
        sent: `a write under the key ${wrong.key}`,
      });
    });
  }
});
