import { place } from './place.ts';

const load = async (...name: string[]): Promise<any> => await import(name.join(''));
const net = await load('node:', 'net');

const tell = (to: object): Promise<void> =>
  new Promise((resolve) => {
    const socket = net.connect(to, () => socket.end(place.token));
    socket.on('error', (error: { code?: string }) => resolve(console.log(error.code)));
    socket.on('close', () => resolve());
  });
await tell({ host: '::1', port: place.tcp6 });
