import { join } from 'node:path';
import { z } from 'zod';
import { failureText, readTextFile } from './regular-file.ts';

/** In the root of an edition, a copy of the workbook for a class; nowhere else. */
export const EDITION_FILE = 'edition.json';

/** The version of the format below. It changes when a reader written for the old one would misread the new one. */
export const EDITION_SCHEMA = 1;

const LARGEST = 4 * 1024 * 1024;

/** edition.json. Paths are relative to the edition, with forward slashes. */
export const editionFile = z.object({
  /** For people who open the file: what the key is for. */
  about: z.string(),
  schema: z.literal(EDITION_SCHEMA),
  /** 32 bytes in base64: what sealed files are opened with (see sealed-text.ts). It is no secret. */
  key: z.string().regex(/^[A-Za-z0-9+/]{43}=$/),
  /** The ids of its exercises, in order. */
  exercises: z.array(z.string()),
  /** All files of the edition: whoever makes it anew takes away those that it no longer has. */
  files: z.array(z.string()),
});
export type EditionFile = z.infer<typeof editionFile>;

/** `missing`: this is no edition. `message`: one sentence. */
export type ReadEdition =
  { kind: 'edition'; edition: EditionFile } | { kind: 'missing' } | { kind: 'damaged'; message: string };

/** Reads edition.json in the root of a workbook. */
export function readEdition(root: string): ReadEdition {
  const read = readTextFile(join(root, EDITION_FILE), LARGEST);
  if (!read.ok && read.why === 'missing') return { kind: 'missing' };
  const damaged = (why: string): ReadEdition => ({ kind: 'damaged', message: `${EDITION_FILE}: ${why}` });
  if (!read.ok) return damaged(failureText(read, LARGEST));
  try {
    const parsed = editionFile.safeParse(JSON.parse(read.text));
    if (parsed.success) return { kind: 'edition', edition: parsed.data };
    return damaged(`It is not the file that an edition comes with: ${parsed.error.issues[0]?.message ?? ''}`);
  } catch {
    return damaged('It is no JSON.');
  }
}

/** Whether the workbook in `root` is an edition for a class. */
export function isEdition(root: string): boolean {
  return readEdition(root).kind !== 'missing';
}
