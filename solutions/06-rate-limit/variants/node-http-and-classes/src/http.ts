import type { IncomingMessage, ServerResponse } from 'node:http';

/** An answer that is not the one that was hoped for. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** One request and the answer to it. */
export class Exchange {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly path: string;
  readonly method: string;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#response = response;
    this.path = (request.url ?? '/').split('?')[0] ?? '/';
    this.method = request.method ?? 'GET';
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return Array.isArray(value) ? value.join(',') : value;
  }

  get socketAddress(): string {
    return this.#request.socket.remoteAddress ?? 'unknown';
  }

  set(name: string, value: string): void {
    this.#response.setHeader(name, value);
  }

  async body(): Promise<Record<string, unknown>> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.#request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > 100_000) throw new Refusal(413, 'too long');
      chunks.push(chunk);
    }
    let body: unknown;
    try {
      body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    } catch {
      throw new Refusal(400, 'not JSON');
    }
    if (typeof body !== 'object' || body === null) throw new Refusal(422, 'not an object');
    return body as Record<string, unknown>;
  }

  send(status: number, body: unknown): void {
    this.#response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  }
}
