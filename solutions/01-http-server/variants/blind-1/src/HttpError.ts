/** A failure that the client may know about: a status and a short public text. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, publicText: string, headers: Record<string, string> = {}) {
    super(publicText);
    this.name = 'HttpError';
    this.status = status;
    this.headers = headers;
  }
}
