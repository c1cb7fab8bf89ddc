import type { Fault } from './app.ts';

/** A clean value, or everything that is wrong with what came. */
export type Parsed<Value> = { ok: true; value: Value } | { ok: false; faults: Fault[] };

/** Appends a name to a JSON Pointer (RFC 6901 §3). The `~` comes first, or the one of `~1` would be written again. */
export function pointerTo(parent: string, name: string): string {
  return `${parent}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
