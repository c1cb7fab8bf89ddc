import type { Draft } from './shelf.ts';

const FORBIDDEN = ['id', 'createdAt', 'deleted'];

/** A draft, or a sentence that says what is wrong. */
export function toDraft(input: unknown): Draft | string {
  if (!isRecord(input)) return 'A book is a JSON object.';
  if (FORBIDDEN.some((name) => name in input)) return `${FORBIDDEN.join(', ')} are set by the server.`;
  const { title, author, isbn, year, tags = [] } = input;
  if (!isText(title, 200)) return 'title: 1 to 200 characters.';
  if (!isText(author, 200)) return 'author: 1 to 200 characters.';
  if (!isText(isbn, 20)) return 'isbn: 1 to 20 characters.';
  if (!Array.isArray(tags) || !tags.every((tag): tag is string => typeof tag === 'string')) {
    return 'tags: a list of strings.';
  }
  if (year === undefined) return { title, author, isbn, tags };
  if (typeof year !== 'number' || !Number.isInteger(year) || year < -3000 || year > 3000) {
    return 'year: a whole number from -3000 to 3000.';
  }
  return { title, author, isbn, year, tags };
}

/** RFC 7396 for one level: null takes a field away. */
export function patched(draft: Draft, patch: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...draft, ...patch }).filter(([, value]) => value !== null));
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= longest;
}
