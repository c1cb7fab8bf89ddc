import type { Part } from '../catalog/exercise.ts';
import type { HostResult } from '../message/host.ts';
import type { Death } from './death.ts';
import type { Reply } from './process.ts';

/** Why a part's program could not be met at all. */
export type LoadFailure = {
  kind: 'load' | 'export';
  message: string;
  stack: string | null;
  cause: Death['cause'];
};

/** What a host's answer to `load` says about the program; null: it is loaded. `within`: the time it had, milliseconds. */
export function loadFailure(reply: Reply, part: Part, within: number): LoadFailure | null {
  if (reply.kind === 'late') {
    const message = `${part.entry} was still loading after ${within / 1000} seconds. ${LATE}`;
    return { kind: 'load', message, stack: null, cause: 'hung' };
  }
  if (reply.kind === 'dead') {
    const { death } = reply;
    const message = `While ${part.entry} was loaded, ${death.why}.`;
    return { kind: 'load', message, stack: death.error?.stack ?? null, cause: death.cause };
  }
  const { result } = reply;
  if (result.kind === 'loaded') return missingExport(result, part);
  if (result.kind === 'cannot') {
    return {
      kind: 'load',
      message: `${part.entry} could not be loaded: ${result.why}`,
      stack: null,
      cause: 'crashed',
    };
  }
  if (result.kind !== 'threw') throw new Error(`a host answered ${result.kind} to load`);
  const { name, message, stack } = result.error;
  return {
    kind: 'load',
    message: `While ${part.entry} was loaded, it threw ${name}: ${message}`,
    stack,
    cause: 'crashed',
  };
}

function missingExport(result: Extract<HostResult, { kind: 'loaded' }>, part: Part): LoadFailure | null {
  for (const name of part.exports) {
    const type = Object.hasOwn(result.exports, name) ? result.exports[name] : undefined;
    if (type === 'function') continue;
    const found = Object.keys(result.exports);
    const has = found.length === 0 ? 'It exports nothing.' : `It exports: ${found.slice(0, 10).join(', ')}.`;
    const message =
      type === undefined
        ? `${part.entry} does not export ${name}. ${has} Write: export function ${name}(…)`
        : `${part.entry} exports ${name}, but it is of type ${type} and not a function.`;
    return { kind: 'export', message, stack: null, cause: 'crashed' };
  }
  return null;
}

const LATE =
  'Something at its top level never ends: an await, perhaps. Nothing should wait, listen or open files while the file is loaded.';
