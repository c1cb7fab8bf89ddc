import type { AssignmentFile, LatePolicy } from './assignment.ts';
import { DETAILS } from '../detail.ts';

/** What a person typed for one option, understood; or a sentence that says how to write it. */
export type Wished<T> = { ok: true; value: T } | { ok: false; message: string };

/** `none` · `zero` · `per-day:10:50` · `decay:48:100`: what late work costs, in short. The last number may be left out. */
export function lateWish(typed: string): Wished<LatePolicy> {
  const [policy = '', first, second, extra] = typed.trim().split(':');
  const most = second === undefined ? 100 : percent(second);
  if ((policy === 'none' || policy === 'zero') && first === undefined) return { ok: true, value: { policy } };
  if (policy === 'per-day' && first !== undefined && extra === undefined) {
    const each = percent(first);
    if (each !== null && most !== null) return { ok: true, value: { policy, percent: each, most } };
  }
  if (policy === 'decay' && first !== undefined && extra === undefined) {
    const hours = number(first);
    if (hours !== null && hours > 0 && hours <= 10_000 && most !== null)
      return { ok: true, value: { policy, hours, most } };
  }
  return { ok: false, message: LATE };
}

/** `04-jwt=2`, given several times or joined by commas: weights by id. */
export function weightWish(typed: readonly string[], ids: readonly string[]): Wished<Map<string, number>> {
  const weights = new Map<string, number>();
  for (const word of typed.flatMap((each) => each.split(','))) {
    const [id = '', amount = ''] = word.split('=').map((part) => part.trim());
    const weight = number(amount);
    if (weight === null || weight > 1000)
      return { ok: false, message: '--weight takes ID=NUMBER, from 0 to 1000, for example 04-jwt=2.' };
    if (!ids.includes(id))
      return { ok: false, message: `--weight ${word}: no exercise of --exercises is called ${id}.` };
    weights.set(id, weight);
  }
  return { ok: true, value: weights };
}

/** `score:full`, or one word for both: how much is told before and after the due time. */
export function showWish(typed: string): Wished<AssignmentFile['show']> {
  const [first = '', second = first, extra] = typed.trim().split(':');
  const before = DETAILS.find((each) => each === first);
  const after = DETAILS.find((each) => each === second);
  if (before === undefined || after === undefined || extra !== undefined)
    return { ok: false, message: `--show takes BEFORE:AFTER, each of them ${DETAILS.join(', ')}.` };
  return { ok: true, value: { before, after } };
}

/** A whole number between two others. */
export function countWish(option: string, typed: string, least: number, most: number): Wished<number> {
  const count = /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : NaN;
  if (count >= least && count <= most) return { ok: true, value: count };
  return { ok: false, message: `--${option} takes a whole number from ${least} to ${most}.` };
}

function percent(typed: string): number | null {
  const found = number(typed);
  return found === null || found > 100 ? null : found;
}

/** A number that is not below zero, written as people write one. */
function number(typed: string): number | null {
  return /^\d{1,6}(\.\d{1,6})?$/.test(typed) ? Number(typed) : null;
}

const LATE =
  '--late takes none, zero, per-day:10:50 (10 percent for each day begun, at most 50) or decay:48:100 (all lost in a straight line over 48 hours).';
