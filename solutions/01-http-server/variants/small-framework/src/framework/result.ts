/** What a handler answers with when all is well. */
export class Result {
  readonly type: string;
  readonly body: string | Buffer;

  private constructor(type: string, body: string | Buffer) {
    this.type = type;
    this.body = body;
  }

  static json(value: unknown): Result {
    return new Result('Application/JSON; charset=UTF-8', JSON.stringify(value));
  }

  static text(body: string): Result {
    return new Result('Text/Plain; Charset="utf-8"', body);
  }

  static bytes(body: Buffer): Result {
    return new Result('application/octet-stream', body);
  }
}
