// canary e47ca41a64797bdee2f9ba9c
import { mustBeClean, rule, step, Unmet } from '#suite';
import type { RightTried } from '#suite';

const EXPORTS = ['priceCart', 'createApp', 'startProgram'];

rule('R1', async (t) => {
  await step(t, 'your tests on three right programs', () => t.tests.mustPassOnRight(EXPORTS));
});

for (const id of ['R3', 'R4', 'R5', 'R6', 'R7', 'R8', 'R9', 'R10', 'R12', 'R15']) {
  rule(id, async (t) => {
    await step(t, 'your tests on wrong programs', () => t.tests.mustCatch());
  });
}

rule('R2', async (t) => {
  await step(t, 'your tests on right programs, in another order', async () => {
    for (const tried of await t.tests.again('shuffled'))
      mustBeClean(tried, 'the same result in whatever order the tests run');
  });
  await step(t, 'your tests on right programs, on another day', async () => {
    for (const tried of await t.tests.again('moved')) mustBeClean(tried, 'the same result on any day');
  });
});

rule('R11', async (t) => {
  const tried = await step(t, 'your tests on right programs', () => t.tests.mustPassOnRight(EXPORTS));
  await step(t, 'no waiting in real time', async () => {
    const longest = Math.max(0, ...tried.flatMap(({ waits }) => waits));
    if (longest === 0) return;
    throw new Unmet({ expected: 'no test that sleeps', got: `a timer of ${longest} ms was waited for` });
  });
  await step(t, 'no other machine', async () => {
    const [host] = tried.flatMap(({ dialled }) => dialled);
    if (host === undefined) return;
    throw new Unmet({ expected: 'connections to this machine alone', got: `a test tried to reach ${host}` });
  });
});

rule('R13', async (t) => {
  const [tried] = await step(t, 'your tests on a right program', () => t.tests.mustPassOnRight(EXPORTS));
  if (tried === undefined) throw new Error('no right program was tried');
  await step(t, 'three kinds of tests', async () => mustHaveAllKinds(tried));
  await step(t, 'what is started is stopped', async () => {
    const { started, stopped } = tried.reached;
    if (started === stopped) return;
    throw new Unmet({
      expected: 'every program that is started is stopped',
      got: `${started} started, ${stopped} stopped`,
    });
  });
  await step(t, 'your tests on wrong programs', () => t.tests.mustCatch());
});

function mustHaveAllKinds({ reached }: RightTried): void {
  const kinds = [
    ['a unit test: a call of priceCart', reached.calls['priceCart'] ?? 0],
    ['an API test: a request to an app of createApp', reached.requests],
    ['an end-to-end test: a request to a program of startProgram', reached.programRequests],
  ] as const;
  const missing = kinds.find(([, count]) => count === 0);
  if (missing !== undefined) throw new Unmet({ expected: missing[0], got: 'there is none' });
}
