/** One value as it lies in a store. */
export type Entry = {
  key: string;
  value: unknown;
  /** When it is over, in milliseconds since 1970. */
  until: number;
  /** Which cache wrote it. `number` counts the texts of that cache. */
  writer: string;
  number: number;
};

const format = 'cache-entry-1';

export function entryText({ key, value, until, writer, number }: Entry): string {
  return JSON.stringify({ format, key, value, until, writer, number });
}

/** Reads what a store brought for a key. Null for anything that no cache has written for this key. */
export function parseEntry(key: string, text: unknown): Entry | null {
  const found = parseRecord(text);
  if (found === null || found['format'] !== format || found['key'] !== key || !('value' in found))
    return null;
  const { value, until, writer, number } = found;
  if (typeof until !== 'number' || typeof writer !== 'string' || typeof number !== 'number') return null;
  return { key, value, until, writer, number };
}

/** A JSON object, or null for everything else. */
export function parseRecord(text: unknown): Record<string, unknown> | null {
  if (typeof text !== 'string') return null;
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return null;
    return found as Record<string, unknown>;
  } catch {
    return null;
  }
}
