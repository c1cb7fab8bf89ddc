import Database from 'better-sqlite3';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createApp } from './app.ts';
import { type Config, parse } from './config.ts';
import { createLog, stack } from './log.ts';

const write = (text: string): unknown => process.stdout.write(text);
const now = (): number => Date.now();
const settings = parse(process.env);
const log = createLog({ now, write, from: 'config' in settings ? settings.config.APP_LOG_LEVEL : 'info' });

process.on('uncaughtExceptionMonitor', () => {});
process.on('uncaughtException', (error: unknown) => {
  log('error', 'uncaught', { stack: stack(error) });
  process.exit(70);
});
// An unhandled rejection becomes an uncaught exception by itself: that is how Node starts.

if ('config' in settings) {
  await run(settings.config);
} else {
  log('error', `wrong settings: ${settings.wrong.join(', ')}`);
  process.exitCode = 1;
}

async function run(config: Config): Promise<void> {
  const leave = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  // once() took its listeners off, or will: these stay, so that no later signal kills.
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => {});

  const db = new Database(config.APP_DB);
  let leaving = false;
  const app = createApp(
    {
      db,
      mail: async () => {},
      checks: [{ name: 'sqlite', check: async () => db.pragma('schema_version') }],
      checkTimeoutMs: 2000,
      clock: { now, sleep: (ms) => wait(ms, undefined, { ref: false }) },
      write,
      metricsToken: config.APP_METRICS_TOKEN,
    },
    { log, leaving: () => leaving },
  );

  const sockets = new Map<Socket, number>();
  const server = app.listen(config.APP_PORT, '127.0.0.1');
  server.on('connection', (socket) => {
    sockets.set(socket, 0);
    socket.on('close', () => sockets.delete(socket));
  });
  let closing = false;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    sockets.set(socket, (sockets.get(socket) ?? 0) + 1);
    response.on('close', () => {
      if (!sockets.has(socket)) return;
      const left = (sockets.get(socket) ?? 1) - 1;
      sockets.set(socket, left);
      if (closing && left === 0) socket.end(() => socket.destroy());
    });
  });
  await once(server, 'listening');
  log('info', 'listening', { port: (server.address() as AddressInfo).port });

  await leave;
  leaving = true;
  await wait(config.APP_DRAIN_MS);

  const closed = new Promise<'closed'>((resolve) => server.close(() => resolve('closed')));
  const grace = wait(config.APP_GRACE_MS, 'late' as const);
  await wait(5);
  closing = true;
  for (const [socket, open] of sockets) if (open === 0) socket.destroy();
  if ((await Promise.race([closed, grace])) === 'late') {
    log('warn', 'cut off');
    process.exit(1);
  }
  db.close();
  log('info', 'bye');
  process.exit(0);
}
