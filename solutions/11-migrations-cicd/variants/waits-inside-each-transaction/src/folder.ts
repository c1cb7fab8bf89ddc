import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Script = { number: number; name: string; sql: string; sum: string; undo: string | null };

const lines = (path: string): string => readFileSync(path, 'utf8').split(/\r?\n/).join('\n');

/** The migrations of a folder, lowest number first. */
export function scripts(dir: string): Script[] {
  const names = new Set(readdirSync(dir));
  const found: Script[] = [];
  for (const file of names) {
    const match = /^((\d+)_.+)\.up\.sql$/.exec(file);
    if (!match?.[1]) continue;
    const name = match[1];
    const sql = lines(join(dir, file));
    found.push({
      number: parseInt(match[2] ?? '', 10),
      name,
      sql,
      sum: createHash('sha1').update(sql).digest('base64'),
      undo: names.has(`${name}.down.sql`) ? lines(join(dir, `${name}.down.sql`)) : null,
    });
  }
  return found.sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
}
