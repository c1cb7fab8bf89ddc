import { createReadStream, readdir } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { sendFailure, sendStatus } from './send.ts';

/**
 * Pipes the file called `name` to the client. The folder is asked for its names and `name` is looked for among them:
 * `..`, `/etc/passwd` or a name with a NUL byte is not there, so there is nothing to forbid.
 */
export function sendFile(
  folder: string,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  readdir(folder, { withFileTypes: true }, (error, entries) => {
    if (error !== null) {
      sendFailure(response, error);
      return;
    }
    const entry = entries.find((candidate) => candidate.name === name && candidate.isFile());
    if (entry === undefined) sendStatus(response, 404, 'There is no such file.');
    else pipeFile(join(folder, entry.name), request, response);
  });
}

function pipeFile(path: string, request: IncomingMessage, response: ServerResponse): void {
  const file = createReadStream(path);
  // The head waits for `open`: until then a 404 or a 500 is still possible.
  file.once('open', () => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    if (request.method === 'HEAD') {
      response.end();
      file.destroy();
    } else {
      file.pipe(response);
    }
  });
  file.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && !response.headersSent) sendStatus(response, 404, 'There is no such file.');
    else sendFailure(response, error);
  });
  // `pipe` does not close the file when the client leaves in the middle.
  response.once('close', () => file.destroy());
}
