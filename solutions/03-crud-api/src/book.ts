/** What a client may set. */
export type BookFields = {
  title: string;
  author: string;
  isbn: string;
  /** Null when nobody knows it. */
  year: number | null;
  tags: string[];
};

/** A stored book: the client's fields and the server's own. */
export type Book = BookFields & { id: number; createdAt: string };

export type Reading = { ok: true; fields: BookFields } | { ok: false; faults: string[] };

const FIELDS = ['title', 'author', 'isbn', 'year', 'tags'] as const satisfies (keyof BookFields)[];

/**
 * Makes a book of what a client sent, or says all that is wrong with it. The result is built field by field: what
 * is not named here, such as `id`, cannot get into the database, whatever the body contains.
 */
export function readFields(body: unknown): Reading {
  if (!isObject(body)) return { ok: false, faults: ['the body has to be a JSON object'] };
  const faults: string[] = [];

  const text = (field: 'title' | 'author' | 'isbn', longest: number): string => {
    const value = body[field];
    if (typeof value === 'string' && value.length >= 1 && value.length <= longest) return value;
    faults.push(`${field} has to be a string of 1 to ${longest} characters`);
    return '';
  };

  const year = (): number | null => {
    const value = body['year'] ?? null; // `||` would lose the year 0
    if (value === null || (isWhole(value) && Math.abs(value) <= 3000)) return value;
    faults.push('year has to be a whole number from -3000 to 3000');
    return null;
  };

  const tags = (): string[] => {
    const value = body['tags'] ?? [];
    if (Array.isArray(value) && value.every((tag) => typeof tag === 'string')) return value;
    faults.push('tags has to be a list of strings');
    return [];
  };

  const fields: BookFields = {
    title: text('title', 200),
    author: text('author', 200),
    isbn: text('isbn', 20),
    year: year(),
    tags: tags(),
  };
  return faults.length === 0 ? { ok: true, fields } : { ok: false, faults };
}

/**
 * What `patch` makes of a book (RFC 7396): a field that is named gets its new value, `null` removes it, the others
 * stay. The result is not checked yet: like every body it goes through `readFields`.
 */
export function mergePatch(book: BookFields, patch: unknown): unknown {
  if (!isObject(patch)) return patch; // a patch that is no object replaces the whole, and that is never a book
  const merged: Record<string, unknown> = {};
  for (const field of FIELDS) {
    const value = Object.hasOwn(patch, field) ? patch[field] : book[field];
    if (value !== null) merged[field] = value;
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
