import type { HostResult } from '../message/host.ts';
import { decode } from '../message/plain.ts';
import type { PlainError } from '../message/plain.ts';
import { cut, quote, show } from './show.ts';
import { Unmet } from './unmet.ts';

/** `later`: the program returned a promise of the value. */
export type CallOutcome = { value: unknown; later?: true } | { threw: PlainError };

export function outcomeOf(result: HostResult, sent: string): CallOutcome {
  if (result.kind === 'threw') return { threw: result.error };
  if (result.kind === 'cannot') throw new Unmet({ expected: 'a plain value', got: result.why, sent });
  if (result.kind !== 'value') throw new Error(`a host answered ${result.kind} to a call`);
  const decoded = decode(result.value, { dependencies: false });
  if (!decoded.ok) throw new Unmet({ expected: 'a plain value', got: decoded.why, sent });
  return result.later === true ? { value: decoded.value, later: true } : { value: decoded.value };
}

export function thrown(error: PlainError): string {
  return cut(`${error.name}: ${error.message}`);
}

/** A call as a learner would write it. */
export function callText(name: string, args: readonly unknown[]): string {
  const shown = args.map((arg) =>
    arg instanceof Uint8Array ? `Buffer.from(${quote(Buffer.from(arg).toString('utf8'))})` : show(arg),
  );
  return cut(`${name}(${shown.join(', ')})`, 600);
}
