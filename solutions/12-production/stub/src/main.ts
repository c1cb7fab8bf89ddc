import Database from 'better-sqlite3';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';

// The program that is started, with its settings in the environment:
//   APP_DB=.workbook/notes.db APP_METRICS_TOKEN=0123456789abcdef npx tsx exercises/12-production/src/main.ts

// TODO R1: read APP_DB, APP_METRICS_TOKEN, APP_PORT, APP_LOG_LEVEL, APP_DRAIN_MS and APP_GRACE_MS. Refuse what is wrong.
const port = Number(process.env['APP_PORT'] ?? 4000);
const db = new Database(process.env['APP_DB'] ?? '.workbook/notes.db');

const app = createApp({
  db,
  mail: async () => {},
  // TODO R2: is the database there?
  checks: [],
  checkTimeoutMs: 1_000,
  clock: { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
  write: (text) => process.stdout.write(text),
  metricsToken: process.env['APP_METRICS_TOKEN'] ?? '',
});

const server = app.listen(port, '127.0.0.1', () => {
  const { port: chosen } = server.address() as AddressInfo;
  const line = { time: new Date().toISOString(), level: 'info', msg: 'listening', port: chosen };
  process.stdout.write(`${JSON.stringify(line)}\n`);
});

// TODO R9: on SIGTERM and SIGINT: no new connections, finish what is under way, close the database, exit with 0.
// TODO R16: an error that nobody caught.
