import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** `.workbook/page.json`: the port of the last `npm start`, so that the address stays. Nothing is lost with it. */
const shape = z.object({ schema: z.literal(1), port: z.number().int().min(1).max(65_535) });

/** The port of the last start; null when nobody knows. */
export function readPort(root: string): number | null {
  try {
    const parsed = shape.safeParse(JSON.parse(readFileSync(fileIn(root), 'utf8')));
    return parsed.success ? parsed.data.port : null;
  } catch {
    return null;
  }
}

/** Keeps the port. Where it cannot be written, the next start takes any free one. */
export function keepPort(root: string, port: number): void {
  const next = `${fileIn(root)}.${process.pid}`;
  try {
    mkdirSync(join(root, '.workbook'), { recursive: true });
    writeFileSync(next, `${JSON.stringify({ schema: 1, port })}\n`);
    renameSync(next, fileIn(root));
  } catch {
    // A read-only folder: progress says so, and the page works.
  }
}

function fileIn(root: string): string {
  return join(root, '.workbook', 'page.json');
}
