import express from 'express';
import { Redis } from 'ioredis';
import pg from 'pg';
import { readConfig } from './config.js';

const config = readConfig(process.env);
const database = new pg.Pool({ connectionString: config.databaseUrl });
const redis = new Redis(config.redisUrl);
const app = express();

await database.query(
  'CREATE TABLE IF NOT EXISTS orders (id bigserial PRIMARY KEY, item text NOT NULL, done boolean NOT NULL DEFAULT false)',
);

app.use(express.json());

app.get('/healthz', async (_request, response) => {
  await database.query('SELECT 1');
  response.json({ status: 'ok' });
});

app.post('/orders', async (request, response) => {
  const item: unknown = request.body?.item;
  if (typeof item !== 'string' || item === '') {
    response.status(400).json({ error: 'item is a text' });
    return;
  }
  const { rows } = await database.query('INSERT INTO orders (item) VALUES ($1) RETURNING id, item', [item]);
  await redis.lpush('orders', String(rows[0].id));
  response.status(201).json(rows[0]);
});

const server = app.listen(config.port, () => console.log(`listening on port ${config.port}`));

process.once('SIGTERM', () => {
  server.close(async () => {
    redis.disconnect();
    await database.end();
  });
});
