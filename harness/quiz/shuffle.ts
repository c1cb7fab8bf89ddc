import type { Question } from './question.ts';

/**
 * The places 0 to `length - 1` in another order, the same for the same seed. A person who sees a question again sees its
 * options elsewhere, and one who reloads a page does not.
 */
export function shuffled(length: number, seed: string): number[] {
  const places = Array.from({ length }, (_, index) => index);
  let state = hash(seed);
  for (let index = length - 1; index > 0; index--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (index + 1));
    [places[index], places[other]] = [places[other] ?? 0, places[index] ?? 0];
  }
  return places;
}

/**
 * In which order the options, the items or the right sides of a question are shown. `round`: how often it was answered.
 * What is to be sorted never stands in the right order already.
 */
export function shownOrder(question: Question, round: number): number[] {
  const seed = `${question.id} ${round}`;
  switch (question.kind) {
    case 'choice':
    case 'several':
      return shuffled(question.options.length, seed);
    case 'order': {
      const places = shuffled(question.items.length, seed);
      return places.every((place, index) => place === index) ? places.toReversed() : places;
    }
    case 'match': {
      // Each right side is offered once.
      const rights = question.pairs.map(({ right }) => right);
      return shuffled(rights.length, seed).filter((place) => rights.indexOf(rights[place] ?? '') === place);
    }
    case 'number':
    case 'outline':
      return [];
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return state;
}
