import { describe, test } from 'vitest';
import type { Isolation } from '../isolation.ts';
import { probeIsolation } from '../namespace/probe.ts';

const probed = await probeIsolation();

/** Why nothing can be tried at isolation level `namespace` here; null: it can. In CI it has to. */
export const missing =
  probed.ok || process.env['CI'] !== undefined ? null : `${probed.why} ${probed.help ?? ''}`.trim();

/** Where namespaces do not work, tests of them are skipped, and the name of each says why. */
export const inNamespaces = missing === null ? describe : skipped(missing);

function skipped(why: string): typeof describe.skip {
  test.skip(`nothing in this file is tried in a namespace: ${why}`, () => {});
  return describe.skip;
}

/** For what has to be the same at both levels; `namespace` is left out where it does not work. */
export const LEVELS: readonly Isolation[] = missing === null ? ['permission', 'namespace'] : ['permission'];
