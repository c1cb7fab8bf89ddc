import { Server } from 'node:http';

export function createServer() {
  const server = new Server();
  server.listen = () => server;
  return server;
}
