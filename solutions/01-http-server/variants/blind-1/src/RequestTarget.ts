import { HttpError } from './HttpError.ts';

/** The target of a request, split into path and query. Nothing is resolved: `..` stays `..`. */
export class RequestTarget {
  /** Still percent-encoded. */
  readonly path: string;
  private readonly query: string;

  constructor(rawUrl: string) {
    const mark = rawUrl.indexOf('?');
    this.path = mark === -1 ? rawUrl : rawUrl.slice(0, mark);
    this.query = mark === -1 ? '' : rawUrl.slice(mark + 1);
    if (!this.path.startsWith('/') || this.path.startsWith('//')) {
      throw new HttpError(400, 'Bad request target');
    }
    RequestTarget.percentDecode(this.path);
  }

  /** The first parameter of that name, decoded as a form does it (`+` is a space). */
  parameter(name: string): string | undefined {
    for (const pair of this.query.split('&')) {
      const equals = pair.indexOf('=');
      const rawName = equals === -1 ? pair : pair.slice(0, equals);
      if (RequestTarget.lenientFormDecode(rawName) === name) {
        return RequestTarget.formDecode(equals === -1 ? '' : pair.slice(equals + 1));
      }
    }
    return undefined;
  }

  /** Decodes exactly once; broken encoding is a 400. */
  static percentDecode(text: string): string {
    try {
      return decodeURIComponent(text);
    } catch {
      throw new HttpError(400, 'Broken percent-encoding');
    }
  }

  private static formDecode(text: string): string {
    return RequestTarget.percentDecode(text.replaceAll('+', ' '));
  }

  private static lenientFormDecode(text: string): string {
    try {
      return RequestTarget.formDecode(text);
    } catch {
      return text;
    }
  }
}
