import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PageApp } from './app.ts';
import type { Library } from '../quiz/library.ts';
import type { PageDesk } from './desk.ts';
import { Events } from './events.ts';
import { Live } from './live.ts';
import { keepLook, readLook } from './look.ts';

export type PageServerOptions = {
  desk: PageDesk;
  library: Library;
  /** The workbook's folder. */
  root: string;
  /** The folder of the built harness. */
  build: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The port, on this machine alone; 0: any free one. */
  port: number;
  onFailure: (error: unknown) => void;
};

export type PageServer = {
  /** `http://127.0.0.1:4100/` */
  address: string;
  port: number;
  /** Something else wrote to the progress file. */
  refreshed: () => void;
  close: () => Promise<void>;
};

export type StartedServer = { ok: true; server: PageServer } | { ok: false; taken: boolean; why: string };

/** Starts the page. It listens on the loopback address alone. */
export async function startPageServer(options: PageServerOptions): Promise<StartedServer> {
  const { desk, library, root, build, env, onFailure } = options;
  const events = new Events();
  let hosts: string[] = [];
  const live = new Live({
    desk,
    folder: join(root, 'exercises'),
    onChange: (exercise) => app.changed(exercise),
  });
  const app: PageApp = new PageApp({
    desk,
    library,
    live,
    events,
    site: { token: randomBytes(32).toString('base64url'), look: readLook(root) },
    keepLook: (look) => keepLook(root, look),
    hosts: () => hosts,
    assets: join(build, 'page'),
    env,
    onFailure,
  });
  const server = createServer(app.express);
  const close = async (): Promise<void> => {
    events.close();
    server.close();
    server.closeAllConnections();
    await live.close();
  };
  const listening = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('error', resolve);
    server.listen(options.port, '127.0.0.1', () => resolve(null));
  });
  if (listening !== null) {
    await close();
    return { ok: false, taken: listening.code === 'EADDRINUSE', why: listening.message };
  }
  const { port } = server.address() as AddressInfo;
  hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  return {
    ok: true,
    server: { address: `http://127.0.0.1:${port}/`, port, refreshed: () => app.refreshed(), close },
  };
}
