import type { Server, ServerResponse } from 'node:http';

/**
 * Knows which requests of a server are under way. `server.close()` alone waits for connections, not for requests: for a
 * keep-alive connection until it times out, and for one that never said a word much longer.
 */
export function drainable(server: Server): { drain: () => Promise<void> } {
  const underWay = new Set<ServerResponse>();
  let draining = false;
  let done: () => void = () => {};

  const look = (): void => {
    if (!draining || underWay.size > 0) return;
    server.closeAllConnections();
    done();
  };

  // First of all listeners: a handler may answer before the next one is called.
  server.prependListener('request', (_request, response) => {
    underWay.add(response);
    if (draining) response.setHeader('Connection', 'close');
    response.once('close', () => {
      underWay.delete(response);
      look();
    });
  });

  return {
    drain: () =>
      new Promise((resolve) => {
        done = resolve;
        draining = true;
        server.close();
        server.closeIdleConnections();
        for (const response of underWay) if (!response.headersSent) response.setHeader('Connection', 'close');
        look();
      }),
  };
}
