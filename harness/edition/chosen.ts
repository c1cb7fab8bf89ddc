import { nearestId, resolveId } from '../catalog/catalog.ts';
import type { ListedExercise } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { whyNotHeldBack } from '../catalog/held-back.ts';
import { describeProblem } from '../catalog/load-exercise.ts';
import { quoted } from '../catalog/printable.ts';
import { findOnRoadmap } from '../catalog/roadmap.ts';

/** `message`: what is wrong with what somebody typed, and what to type instead. */
export type Chosen<T> = { ok: true; value: T } | { ok: false; message: string };

/**
 * The exercises that somebody typed: ids and ranges `01-http-server..12-production` (both ends included), joined by commas.
 * Nothing typed: all. A damaged one cannot be handed out.
 */
export function chosenExercises(
  listed: readonly ListedExercise[],
  typed: readonly string[],
): Chosen<Exercise[]> {
  const ids = listed.map(({ id }) => id);
  const words = typed.flatMap((value) => value.split(',')).map((word) => word.trim());
  const wanted = new Set<string>(typed.length === 0 ? ids : []);
  for (const word of words.filter((each) => each !== '')) {
    const ends = word.split('..');
    const found = ends.map((end) => resolveId(ids, end));
    const unknown = found.find(({ kind }) => kind === 'unknown');
    if (unknown !== undefined || ends.length > 2) return { ok: false, message: notThere(word, ends, ids) };
    const [first, last] = [found[0], found.at(-1)].map((end) => (end?.kind === 'exact' ? end.id : ''));
    if (first === undefined || last === undefined || first > last)
      return { ok: false, message: `The range ${quoted(word)} ends before it begins.` };
    for (const id of ids) if (id >= first && id <= last) wanted.add(id);
  }
  if (wanted.size === 0) return { ok: false, message: 'There is no exercise to hand out.' };
  const exercises: Exercise[] = [];
  for (const each of listed) {
    if (!wanted.has(each.id)) continue;
    if (!each.ok) return { ok: false, message: describeProblem(each.problem) };
    exercises.push(each.exercise);
  }
  const waiting = missingRequirement(exercises, wanted);
  return waiting === null ? { ok: true, value: exercises } : { ok: false, message: waiting };
}

function notThere(word: string, ends: readonly string[], ids: readonly string[]): string {
  const wrong = ends.find((end) => resolveId(ids, end).kind === 'unknown') ?? word;
  const near = nearestId(ids, wrong);
  return `There is no exercise called ${quoted(wrong)}.${near === null ? ' A range is written a..b.' : ` Did you mean ${near}?`}`;
}

/** What the roadmap knows may be left out: then it is not waited for. Anything else has to come along. */
function missingRequirement(exercises: readonly Exercise[], wanted: ReadonlySet<string>): string | null {
  for (const { id, requires } of exercises) {
    const missing = requires.find((each) => !wanted.has(each) && findOnRoadmap(each) === null);
    if (missing !== undefined) return `${id} needs ${missing}: name that one too.`;
  }
  return null;
}

/** Rules that an edition holds back, by exercise; exercises without any are not in it. */
export type HeldBack = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The rules to hold back: those that exercises mark `graded`, and those that were typed, `04-jwt:R12,R15`. Each with a
 * reason where learners would miss it.
 */
export function chosenRules(exercises: readonly Exercise[], typed: readonly string[]): Chosen<HeldBack> {
  const held = new Map(
    exercises.map(({ id, rules }) => [
      id,
      new Set(rules.filter(({ graded }) => graded).map((rule) => rule.id)),
    ]),
  );
  for (const word of typed) {
    const [, name = '', list = ''] = /^([^:]+):(.+)$/.exec(word.trim()) ?? [];
    const found = resolveId([...held.keys()], name);
    if (name === '') return { ok: false, message: `Write ${quoted(word)} as 04-jwt:R12,R15.` };
    if (found.kind === 'unknown')
      return { ok: false, message: `${quoted(name)} is none of the exercises that are handed out.` };
    for (const rule of list.split(',').map((each) => each.trim().toUpperCase()))
      if (rule !== '') held.get(found.id)?.add(rule);
  }
  for (const { id, rules } of exercises) {
    const these = held.get(id) ?? new Set();
    for (const rule of these) {
      const why = whyNotHeldBack(rule, rules, these);
      if (why !== null) return { ok: false, message: `${id}: ${quoted(rule)} cannot be held back. ${why}` };
    }
  }
  return { ok: true, value: new Map([...held].filter(([, rules]) => rules.size > 0)) };
}
