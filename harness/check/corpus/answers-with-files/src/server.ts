import { createServer as createHttpServer } from 'node:http';

// A client that believes this would write the parts to the disk.
const parts = '--x\r\nContent-Disposition: form-data; name="f"; filename="../../owned.txt"\r\n\r\nowned\r\n--x--\r\n';

export function createServer() {
  return createHttpServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'multipart/form-data; boundary=x' }).end(parts);
  });
}
