import { Server } from 'node:http';

export function createServer() {
  const server = new Server();
  server.listen = () => {
    setImmediate(() => server.emit('error', new Error('the port is taken')));
    return server;
  };
  return server;
}
