// On this signal Node.js opens a port through which anybody may run code in it.
import { connect } from 'node:net';

process.kill(process.ppid, 'SIGUSR1');
await new Promise((resolve) => setTimeout(resolve, 500));
await new Promise<void>((resolve) => {
  const socket = connect(9229, '127.0.0.1', () => {
    console.log('the debugger listens');
    socket.destroy();
    resolve();
  });
  socket.on('error', () => {
    console.log('no debugger');
    resolve();
  });
});
export {};
