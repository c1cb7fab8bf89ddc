export { backfill } from './backfill.ts';
export { createMigrator } from './migrator.ts';
