// canary {{CANARY}}
import { rule, step } from '#suite';

rule('R1', async (t) => {
  const app = await t.serve('createApp');
  await step(t, 'GET /health', async () => {
    (await app.get('/health')).mustHaveJson(200, { status: 'ok' });
  });
});

rule('R2', async (t) => {
  const app = await t.serve('createApp');
  // What a rule forbids counts only where the allowed case works.
  await step(t, 'GET still works', async () => (await app.get('/health')).mustBe(200));
  for (const method of ['POST', 'DELETE']) {
    await step(t, `${method} /health`, async () => {
      const answer = await app.request(method, '/health');
      answer.must('405 with Allow: GET', () => answer.status === 405 && answer.list('allow').includes('GET'));
    });
  }
});
