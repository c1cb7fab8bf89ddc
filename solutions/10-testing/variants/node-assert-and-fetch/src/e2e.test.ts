import assert from 'node:assert/strict';
import { it, onTestFinished } from 'vitest';
import { startProgram } from './subject.js';

const silent = {
  clock: { now: () => 1_000 },
  gateway: { charge: () => Promise.resolve({ paymentId: 'x' }) },
  publish: () => {},
  log: () => {},
};

async function started(ADMIN_TOKEN: string): Promise<string> {
  const { url, stop } = await startProgram({ ADMIN_TOKEN }, silent);
  onTestFinished(stop);
  return url;
}

it('two programs, each with its own token, keep apart', async () => {
  const [one, two] = [await started('first-token'), await started('second-token')];
  const make = async (url: string, token: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const body = JSON.stringify({ code: 'A1', percent: 5, limit: 1, endsAt: 2_000 });
    return (await fetch(`${url}/coupons`, { method: 'POST', headers, body })).status;
  };
  assert.equal(await make(one, 'first-token'), 201);
  assert.equal(await make(two, 'first-token'), 401);
  assert.equal((await fetch(`${two}/coupons/A1`)).status, 404);
  assert.equal(await make(two, 'second-token'), 201);
});

for (const env of [{}, { ADMIN_TOKEN: '' }] as Record<string, string>[])
  it(`no program starts with ${JSON.stringify(env)}`, async () => {
    await assert.rejects(startProgram(env, silent));
  });
