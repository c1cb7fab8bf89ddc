import { describe } from 'vitest';
import type { Isolation } from '../isolation.ts';
import { probeIsolation } from '../namespace/probe.ts';
import type { IsolationProbe } from '../namespace/probe.ts';

const probed = await probeIsolation();

/** Why nothing can be tried at isolation level `namespace` here; null: it can. In CI it has to, on Linux. */
export const missing = probed.ok || hasTo(probed) ? null : `${probed.why} ${probed.help ?? ''}`.trim();

function hasTo({ reason }: Extract<IsolationProbe, { ok: false }>): boolean {
  return process.env['CI'] !== undefined && reason !== 'platform';
}

/** Where namespaces do not work, tests of them are skipped, and the runner's output says why. */
const { skipIf } = describe;
export const inNamespaces = skipIf(missing !== null);
if (missing !== null) process.stderr.write(`Tests in namespaces are skipped. ${missing}\n`);

/** For what has to be the same at both levels; `namespace` is left out where it does not work. */
export const LEVELS: readonly Isolation[] = missing === null ? ['permission', 'namespace'] : ['permission'];
