import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** The colours of the page: as the system has them, or always light, or always dark. */
export const LOOKS = ['system', 'light', 'dark'] as const;
export type Look = (typeof LOOKS)[number];

/** `.workbook/look.json`. It is kept here and not in the browser, so that a page comes in its colours from the first byte. */
const shape = z.object({ schema: z.literal(1), look: z.enum(LOOKS) });

/** What was chosen; `system` when nothing was, or nobody knows. */
export function readLook(root: string): Look {
  try {
    const parsed = shape.safeParse(JSON.parse(readFileSync(fileIn(root), 'utf8')));
    return parsed.success ? parsed.data.look : 'system';
  } catch {
    return 'system';
  }
}

/** Keeps what was chosen. Where it cannot be written, it holds until the page is started again. */
export function keepLook(root: string, look: Look): void {
  const next = `${fileIn(root)}.${process.pid}`;
  try {
    mkdirSync(join(root, '.workbook'), { recursive: true });
    writeFileSync(next, `${JSON.stringify({ schema: 1, look })}\n`);
    renameSync(next, fileIn(root));
  } catch {
    // A read-only folder: progress says so, and the page works.
  }
}

function fileIn(root: string): string {
  return join(root, '.workbook', 'look.json');
}
