import type { BookFields } from './store.ts';
import { HttpError } from './errors.ts';

type Json = Record<string, unknown>;

const FIELDS = ['title', 'author', 'isbn', 'year', 'tags'] as const;

function text(input: Json, name: string, max: number): string {
  const value = input[name];
  if (typeof value !== 'string') throw new HttpError(422, `${name} must be a string`);
  const length = [...value].length;
  if (length < 1 || length > max) throw new HttpError(422, `${name} must have 1 to ${max} characters`);
  return value;
}

/** Takes the known fields only: whatever else the client sent ends here. */
export function parseBook(input: Json): BookFields {
  const year = input.year ?? null;
  if (year !== null && !(typeof year === 'number' && Number.isInteger(year) && Math.abs(year) <= 3000)) {
    throw new HttpError(422, 'year must be a whole number from -3000 to 3000');
  }
  const tags: unknown = input.tags ?? [];
  if (!Array.isArray(tags) || !tags.every((tag): tag is string => typeof tag === 'string')) {
    throw new HttpError(422, 'tags must be a list of strings');
  }
  return { title: text(input, 'title', 200), author: text(input, 'author', 200), isbn: text(input, 'isbn', 20), year, tags };
}

/** RFC 7396 for a flat book: null removes, and parseBook then judges what is left. */
export function patchBook(book: BookFields, patch: Json): BookFields {
  const merged: Json = {};
  for (const name of FIELDS) merged[name] = Object.hasOwn(patch, name) ? patch[name] : book[name];
  return parseBook(merged);
}

export function parseId(raw: unknown): number {
  const id = typeof raw === 'string' && /^[1-9]\d*$/.test(raw) ? Number(raw) : NaN;
  if (!Number.isSafeInteger(id)) throw new HttpError(404, 'No such book');
  return id;
}

export function parseCount(raw: unknown, name: string, fallback: number, max: number): number {
  if (raw === undefined) return fallback;
  if (typeof raw !== 'string' || !/^\d+$/.test(raw)) throw new HttpError(400, `${name} must be a whole number from 0`);
  return Math.min(Number(raw), max);
}
