// Each answer of the host is sent twice; the second time it says something else.
import { Socket } from 'node:net';

const write = Socket.prototype.write;
Socket.prototype.write = function (this: Socket, chunk: Buffer, ...rest: []) {
  const done = write.call(this, chunk, ...rest);
  if (Buffer.isBuffer(chunk) && chunk.includes('"result"')) write.call(this, chunk, ...rest);
  return done;
} as typeof write;
