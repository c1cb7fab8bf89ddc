import { join } from 'node:path';
import { readEdition } from './edition-file.ts';
import type { CatalogProblem } from './problem.ts';
import { failureText, readTextFile } from './regular-file.ts';
import { unseal } from './sealed-text.ts';

const LARGEST = 64 * 1024 * 1024;

export type OpenedFile = { ok: true; content: string } | { ok: false; problem: CatalogProblem };

/** What was opened last, by file: a check asks for the same one a few times. It lies in memory and nowhere else. */
const known = new Map<string, { text: string; key: string; content: string }>();

/**
 * Opens a sealed file of the edition in `root`, in memory. Null: there is none, so this is the source or another kind of
 * copy. `path`: relative to the root, with forward slashes.
 */
export function openSealed(root: string, path: string): OpenedFile | null {
  const file = join(root, path);
  const read = readTextFile(file, LARGEST);
  if (!read.ok && read.why === 'missing') return null;
  const fail = (message: string): OpenedFile => ({
    ok: false,
    problem: { file: path, key: null, expected: EXPECTED, message },
  });
  if (!read.ok) return fail(failureText(read, LARGEST));
  const edition = readEdition(root);
  if (edition.kind === 'missing') return fail('Its key is not there: edition.json is missing.');
  if (edition.kind === 'damaged') return fail(`Its key cannot be read. ${edition.message}`);
  const { key } = edition.edition;
  const before = known.get(file);
  if (before?.text === read.text && before.key === key) return { ok: true, content: before.content };
  const content = unseal(read.text, { key: Buffer.from(key, 'base64'), path });
  if (content === null) return fail('It does not fit the key in edition.json: one of the two was changed.');
  known.set(file, { text: read.text, key, content });
  return { ok: true, content };
}

const EXPECTED =
  'the sealed file and the edition.json that came together; `git restore` or `npm run update` brings them back';
