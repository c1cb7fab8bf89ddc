import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A migration as it lies in the folder. `down` null: it cannot be taken back. */
export type Migration = { name: string; number: number; up: string; down: string | null; checksum: string };

const UP_FILE = /^((\d+)_.+)\.up\.sql$/;

/** All migrations of a folder, by number. */
export function readMigrations(dir: string): Migration[] {
  const files = new Set(readdirSync(dir));
  return [...files]
    .flatMap((file) => {
      const [, name, digits] = UP_FILE.exec(file) ?? [];
      if (name === undefined || digits === undefined) return [];
      const up = readFileSync(join(dir, file), 'utf8');
      const downFile = `${name}.down.sql`;
      const down = files.has(downFile) ? readFileSync(join(dir, downFile), 'utf8') : null;
      return [{ name, number: Number(digits), up, down, checksum: checksumOf(up) }];
    })
    .toSorted((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
}

/** Git may write CRLF on one machine and LF on another: that is no edit. */
function checksumOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}
