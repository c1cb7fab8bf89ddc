import type { IncomingMessage, ServerResponse } from 'node:http';
import { Exchange, Reply } from './Exchange.ts';
import { HttpError } from './HttpError.ts';
import { RequestTarget } from './RequestTarget.ts';

export interface Handler {
  handle(exchange: Exchange): void;
}

type Method = 'GET' | 'POST';

class Route {
  private readonly method: Method;
  private readonly path: string;
  private readonly handler: Handler;

  /** A path that ends in `/` stands for everything below it. */
  constructor(method: Method, path: string, handler: Handler) {
    this.method = method;
    this.path = path;
    this.handler = handler;
  }

  matches(path: string): boolean {
    return this.path.endsWith('/') ? path.startsWith(this.path) : path === this.path;
  }

  allowed(): string[] {
    return this.method === 'GET' ? ['GET', 'HEAD'] : [this.method];
  }

  run(exchange: Exchange): void {
    this.handler.handle(exchange);
  }
}

export class Router {
  private readonly routes: Route[] = [];

  get(path: string, handler: Handler): this {
    this.routes.push(new Route('GET', path, handler));
    return this;
  }

  post(path: string, handler: Handler): this {
    this.routes.push(new Route('POST', path, handler));
    return this;
  }

  dispatch(request: IncomingMessage, response: ServerResponse): void {
    const reply = new Reply(response);
    try {
      const target = new RequestTarget(request.url ?? '');
      this.find(request.method ?? '', target.path).run(new Exchange(request, target, reply));
    } catch (error) {
      reply.fail(error);
    }
  }

  private find(method: string, path: string): Route {
    const candidates = this.routes.filter((route) => route.matches(path));
    if (candidates.length === 0) {
      throw new HttpError(404, 'Not found');
    }
    const found = candidates.find((route) => route.allowed().includes(method));
    if (found === undefined) {
      const allow = candidates.flatMap((route) => route.allowed()).join(', ');
      throw new HttpError(405, 'Method not allowed', { Allow: allow });
    }
    return found;
  }
}
