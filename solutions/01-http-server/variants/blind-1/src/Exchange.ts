import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from './HttpError.ts';
import type { RequestTarget } from './RequestTarget.ts';

/** Writes the one answer to a request. Node leaves out the body for HEAD. */
export class Reply {
  private readonly response: ServerResponse;

  constructor(response: ServerResponse) {
    this.response = response;
  }

  text(status: number, text: string, headers: Record<string, string> = {}): void {
    this.send(status, 'text/plain; charset=utf-8', text, headers);
  }

  json(status: number, value: unknown): void {
    this.jsonText(status, JSON.stringify(value));
  }

  /** For text that is known to be JSON. */
  jsonText(status: number, text: string): void {
    this.send(status, 'application/json', text, {});
  }

  /** Only the head; the caller writes the body to what is returned. */
  head(status: number, contentType: string, length: number): ServerResponse {
    this.response.writeHead(status, {
      'Content-Type': contentType,
      'Content-Length': length,
      'X-Content-Type-Options': 'nosniff',
    });
    return this.response;
  }

  /** Turns any failure into an answer. What is not an HttpError stays inside. */
  fail(error: unknown): void {
    if (this.response.headersSent) {
      this.response.destroy();
    } else if (error instanceof HttpError) {
      this.text(error.status, error.message, error.headers);
    } else {
      this.text(500, 'Internal server error');
    }
  }

  private send(status: number, contentType: string, text: string, headers: Record<string, string>): void {
    const body = Buffer.from(text, 'utf8');
    this.response.writeHead(status, { ...headers, 'Content-Type': contentType, 'Content-Length': body.length });
    this.response.end(body);
  }
}

/** One request with its answer. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly target: RequestTarget;
  readonly reply: Reply;

  constructor(request: IncomingMessage, target: RequestTarget, reply: Reply) {
    this.request = request;
    this.target = target;
    this.reply = reply;
  }

  isHead(): boolean {
    return this.request.method === 'HEAD';
  }

  /** Runs a callback that comes later, so that a throw in it becomes a 500 and not a crash. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.reply.fail(error);
    }
  }
}
