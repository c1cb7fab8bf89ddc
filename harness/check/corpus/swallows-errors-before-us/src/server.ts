import { createServer as createHttpServer } from 'node:http';

process.setUncaughtExceptionCaptureCallback(() => {});
process.removeAllListeners('uncaughtExceptionMonitor');

export function createServer() {
  return createHttpServer(() => {
    throw new Error('swallowed');
  });
}
