import type { IncomingMessage } from 'node:http';
import { ClientGone, HttpError } from './http-error.ts';

/** One request, as a handler sees it. */
export class Context {
  /** Parameters of the path, by their name in the route's pattern; decoded. */
  readonly params: ReadonlyMap<string, string>;
  readonly query: URLSearchParams;
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage, params: ReadonlyMap<string, string>, query: URLSearchParams) {
    this.#request = request;
    this.params = params;
    this.query = query;
  }

  /** The body as a JSON value. Throws an HttpError: 413 beyond `limit` bytes, 415 or 400. */
  async json(limit: number): Promise<unknown> {
    const bytes = await this.#bytes(limit);
    if (this.#mediaType() !== 'application/json') {
      throw new HttpError(415, 'The body has to be application/json.');
    }
    try {
      return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw new HttpError(400, 'The body is not JSON.');
    }
  }

  #mediaType(): string | undefined {
    const type = this.#request.headers['content-type'];
    return type?.split(';', 1)[0]?.trim().toLowerCase();
  }

  async #bytes(limit: number): Promise<Buffer> {
    if (Number(this.#request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of this.#pieces()) {
      size += piece.length;
      // Leaves the loop, and with that the request. Node drops what is left of the body and keeps the connection.
      if (size > limit) throw tooLarge(limit);
      pieces.push(piece);
    }
    return Buffer.concat(pieces, size);
  }

  /** The body piece by piece. Throws ClientGone where the request itself would throw. */
  async *#pieces(): AsyncGenerator<Buffer, void> {
    try {
      yield* this.#request as AsyncIterable<Buffer>;
    } catch (error) {
      throw new ClientGone('the body ended early', { cause: error });
    }
  }
}

function tooLarge(limit: number): HttpError {
  return new HttpError(413, `The body may have ${limit} bytes.`);
}
