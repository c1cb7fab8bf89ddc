import { STATUS_CODES } from 'node:http';

/** An answer that is not what the client hoped for. Handlers throw it; `App` turns it into a response. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, detail: string, headers: Record<string, string> = {}) {
    super(detail);
    this.name = 'HttpError';
    this.status = status;
    this.headers = headers;
  }

  /** The body of the answer, a problem document (RFC 9457). The message was written for the client. */
  toJSON(): { title: string; status: number; detail: string } {
    return { title: STATUS_CODES[this.status] ?? 'Error', status: this.status, detail: this.message };
  }
}

/** The client left before its request was complete. Nobody is there to be answered. */
export class ClientGone extends Error {}
