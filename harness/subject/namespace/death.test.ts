import { describe, expect, test } from 'vitest';
import { encode } from '../../message/plain.ts';
import type { Death } from '../death.ts';
import type { Isolation } from '../isolation.ts';
import { builtHost } from '../testing/host.ts';
import { inNamespaces } from '../testing/levels.ts';
import { AT, subjectOf } from '../testing/subject.ts';

const built = builtHost();

/** How a host ends whose program does this when it is called. */
async function deathBy(doing: string, isolation: Isolation): Promise<Pick<Death, 'cause' | 'why'> | string> {
  const subject = subjectOf(
    built.file,
    `import { closeSync } from 'node:fs';
     export const run = async () => { ${doing}; await new Promise((resolve) => setTimeout(resolve, 20_000)); };
     void closeSync;`,
    { isolation },
  );
  const reply = await subject.call(AT, { export: 'run', args: encode([]), keep: null });
  if (reply.kind !== 'dead') return JSON.stringify(reply);
  const { cause, why } = reply.death;
  return { cause, why };
}

inNamespaces('a host ends in a namespace as it does without one:', () => {
  describe.each([
    ['a loop without end', 'for (;;);'],
    ['exit code 0', 'process.exit(0)'],
    ['exit code 137, which is no signal', 'process.exit(137)'],
    ['a signal', 'process.kill(process.pid, "SIGTERM"); for (;;);'],
    ['abort', 'process.abort()'],
    ['an error that nobody catches', 'setTimeout(() => { throw new TypeError("on purpose"); })'],
    ['no memory left', 'const all = []; for (;;) all.push(new Array(1000).fill(all.length))'],
    ['a closed pipe', 'closeSync(3)'],
    ['output without end', 'for (;;) process.stdout.write("x".repeat(1e6))'],
  ])('%s', (_, doing) => {
    test('cause and words are the same', async () => {
      const [without, within] = await Promise.all([
        deathBy(doing, 'permission'),
        deathBy(doing, 'namespace'),
      ]);
      expect(within).toEqual(without);
      expect(within).toHaveProperty('cause');
    });
  });
});
