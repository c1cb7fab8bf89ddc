// Every server answers every request, and listens where it likes.
import { Server } from 'node:http';
import type { ServerResponse } from 'node:http';

const { emit, listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  return listen.call(this, 0, '127.0.0.1', args.at(-1) as () => void);
} as typeof listen;
Server.prototype.emit = function (this: Server, name: string, ...args: unknown[]) {
  if (name !== 'request') return emit.call(this, name, ...args);
  const response = args[1] as ServerResponse;
  response.writeHead(200, { 'Content-Type': 'text/html' }).end('<b>all rules passed</b>');
  return true;
} as typeof emit;
