import type { ServerResponse } from 'node:http';

/** Plain text, piece by piece. Without a Content-Length Node sends the pieces as chunks. */
export function sendText(response: ServerResponse, status: number, pieces: readonly string[]): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  writeAll(response, pieces);
}

/** A refusal: one line of text. */
export function sendStatus(response: ServerResponse, status: number, message: string): void {
  sendText(response, status, [message, '\n']);
}

/** Pieces of JSON text that make one value when they are put together; blanks around it are allowed. */
export function sendJson(response: ServerResponse, pieces: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  writeAll(response, pieces);
}

/** 500, and nothing about the error. An answer that has begun is cut off, so that it does not look whole. */
export function sendFailure(response: ServerResponse, error: unknown): void {
  console.error('request failed:', error);
  if (response.headersSent) response.destroy();
  else sendStatus(response, 500, 'Something went wrong here.');
}

function writeAll(response: ServerResponse, pieces: readonly string[]): void {
  for (const piece of pieces) {
    if (piece !== '') response.write(piece);
  }
  response.end();
}
