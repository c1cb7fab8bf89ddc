import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `.workbook/watch.json`: where the last `npm run watch` was. Nothing is lost with it. */
const shape = z.object({ schema: z.literal(1), exercise: z.string() });

/** The id of the exercise that was watched last; null when nobody knows. */
export function readPlace(root: string): string | null {
  try {
    const parsed = shape.safeParse(JSON.parse(readFileSync(fileIn(root), 'utf8')));
    return parsed.success ? parsed.data.exercise : null;
  } catch {
    return null;
  }
}

/** Keeps the place. Where that cannot be written, the next start begins at the current exercise, as any command does. */
export function keepPlace(root: string, exercise: string): void {
  const next = `${fileIn(root)}.${process.pid}`;
  try {
    mkdirSync(join(root, '.workbook'), { recursive: true });
    writeFileSync(next, `${JSON.stringify({ schema: 1, exercise })}\n`);
    renameSync(next, fileIn(root));
  } catch {
    // A read-only folder: the check itself says what it could not write.
  }
}

function fileIn(root: string): string {
  return join(root, '.workbook', 'watch.json');
}
