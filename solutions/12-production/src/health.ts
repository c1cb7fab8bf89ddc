import { Router } from 'express';
import { stackOf, type Log } from './log.ts';

/** Something that the service needs. It resolves when all is well, rejects when it is not, or never settles. */
export type Check = { name: string; check: () => Promise<unknown> };

type Options = {
  checks: readonly Check[];
  checkTimeoutMs: number;
  clock: { sleep(ms: number): Promise<void> };
  log: Log;
};

/** Two questions, two answers. Livez: must I be restarted? Readyz: may I get requests? */
export function createHealth({ checks, checkTimeoutMs, clock, log }: Options): Router {
  const inTime = async ({ name, check }: Check): Promise<boolean> => {
    const late = clock.sleep(checkTimeoutMs).then(() => Promise.reject(new Error('no answer in time')));
    try {
      await Promise.race([check(), late]);
      return true;
    } catch (error) {
      log.warn('check failed', { check: name, cause: stackOf(error) });
      return false;
    } finally {
      // It may still come to its end when nobody waits for it any more.
      late.catch(() => {});
    }
  };

  const router = Router();
  // Asks nobody: a database that is down does not come back because this process is restarted.
  router.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.get('/readyz', async (_request, response) => {
    const results = await Promise.all(checks.map(inTime));
    if (results.every(Boolean)) response.json({ status: 'ready' });
    else response.status(503).json({ status: 'not ready' });
  });
  return router;
}
