import { ApiError } from './errors.ts';

/** What is stored as JSON. */
export type BookData = { title: string; author: string; isbn: string; year: number | null; tags: string[] };

type Check = (value: unknown) => boolean;

const isString = (value: unknown): value is string => typeof value === 'string';
const lengthUpTo =
  (longest: number): Check =>
  (value) =>
    isString(value) && value.length > 0 && value.length <= longest;
const isYear: Check = (value) =>
  value === null || (Number.isInteger(value) && Number(value) >= -3000 && Number(value) <= 3000);
const isTags: Check = (value) => Array.isArray(value) && value.every(isString);

const CHECKS: Record<keyof BookData, Check> = {
  title: lengthUpTo(200),
  author: lengthUpTo(200),
  isbn: lengthUpTo(20),
  year: isYear,
  tags: isTags,
};
const DEFAULTS: Record<string, unknown> = { year: null, tags: [] };

export function requireObject(body: unknown): Record<string, unknown> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body))
    return body as Record<string, unknown>;
  throw new ApiError(422, 'Send a JSON object');
}

/** Takes the five fields out of `source`, checks each, and takes nothing else. */
export function parseBook(source: Record<string, unknown>): BookData {
  const data: Record<string, unknown> = {};
  for (const [name, passes] of Object.entries(CHECKS)) {
    const value = source[name] === undefined ? DEFAULTS[name] : source[name];
    if (!passes(value)) throw new ApiError(422, `Invalid field: ${name}`);
    data[name] = value;
  }
  return data as BookData;
}

/** The fields that a merge patch names; null becomes undefined, which stands for the default. */
export function applyPatch(book: BookData, patch: Record<string, unknown>): BookData {
  const named = Object.entries(patch).map(([name, value]) => [name, value === null ? undefined : value]);
  return parseBook({ ...book, ...Object.fromEntries(named) });
}
