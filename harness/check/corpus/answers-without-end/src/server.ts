import { createServer as createHttpServer } from 'node:http';

export function createServer() {
  return createHttpServer((_request, response) => {
    const piece = Buffer.alloc(65_536, 'x');
    const more = () => {
      while (response.write(piece));
    };
    response.on('drain', more);
    more();
  });
}
