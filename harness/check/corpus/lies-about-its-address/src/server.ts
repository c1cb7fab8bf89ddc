import { Server } from 'node:http';

export function createServer() {
  const server = new Server();
  server.address = () => ({ port: 65_536.5, address: 'nowhere', family: 'IPv9' });
  return server;
}
