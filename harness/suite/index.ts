/** All that a hidden suite may import. */
export { Answer } from './answer.ts';
export { App } from './app.ts';
export { clock, database, folder, ids, place, played, redis } from './dependency.ts';
export { includes, same } from './equal.ts';
export { PlayedFailure } from './played.ts';
export type { Played } from './played.ts';
export { Made } from './made.ts';
export { Program } from './program.ts';
export { Random } from './random.ts';
export { RawConnection } from './raw-client.ts';
export { Redis } from './redis.ts';
export { eventually, rule, step } from './rule.ts';
export { quote, show } from './show.ts';
export type { SqlDatabase, SqlRows, SqlTried } from './sql-database.ts';
export { Trial } from './trial.ts';
export type { CallOutcome } from './outcome.ts';
export { Unmet } from './unmet.ts';
export { Yaml } from './yaml.ts';
