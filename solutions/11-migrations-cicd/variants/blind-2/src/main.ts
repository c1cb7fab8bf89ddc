import { join } from 'node:path';
import Database from 'better-sqlite3';
import { backfill } from './backfill.ts';
import { createMigrator } from './migrator.ts';

/**
 * Runs one method of the migrator by hand: `npx tsx exercises/11-migrations-cicd/src/main.ts up`. The database is
 * .workbook/migrations.db. The check does not use this file.
 */
const [command = 'status', count = '1'] = process.argv.slice(2);
const db = new Database('.workbook/migrations.db');
const migrator = createMigrator({
  db,
  dir: join(import.meta.dirname, 'migrations'),
  clock: { now: Date.now },
});

async function run(): Promise<unknown> {
  switch (command) {
    case 'up':
      return await migrator.up();
    case 'down':
      return await migrator.down(Number(count));
    case 'status':
      return await migrator.status();
    case 'verify':
      return await migrator.verify();
    case 'backfill':
      return await backfill({
        db,
        batchSize: 100,
        pause: () => new Promise((resolve) => setTimeout(resolve, 10)),
      });
    default:
      return 'up, down [n], status, verify or backfill';
  }
}

console.log(await run());
