import { Redis } from 'ioredis';
import pg from 'pg';
import { readConfig } from './config.js';

const config = readConfig(process.env);
const database = new pg.Pool({ connectionString: config.databaseUrl });
const redis = new Redis(config.redisUrl);
let stopping = false;

process.once('SIGTERM', () => {
  stopping = true;
});

while (!stopping) {
  const taken = await redis.brpop('orders', 1);
  if (taken !== null) await database.query('UPDATE orders SET done = true WHERE id = $1', [taken[1]]);
}
redis.disconnect();
await database.end();
