import { mustBeClean, rule, step } from '#suite';

rule('R1', async (t) => {
  await step(t, 'right', () => t.tests.mustPassOnRight(['double']));
});

rule('R2', async (t) => {
  await step(t, 'shuffled', async () => {
    for (const tried of await t.tests.again('shuffled')) mustBeClean(tried, 'the same result');
  });
  await step(t, 'moved', async () => {
    for (const tried of await t.tests.again('moved')) mustBeClean(tried, 'the same result');
  });
});

for (const id of ['R3', 'R4']) {
  rule(id, async (t) => {
    await step(t, 'broken', () => t.tests.mustCatch());
  });
}
