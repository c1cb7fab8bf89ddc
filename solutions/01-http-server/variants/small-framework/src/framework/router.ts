import type { Context } from './context.ts';
import { HttpError } from './http-error.ts';
import type { Result } from './result.ts';

export type Handler = (context: Context) => Result | Promise<Result>;
export type Match = { handler: Handler; params: ReadonlyMap<string, string> };

/** One pattern, `/files/:name`, and its handlers by method. */
class Route {
  readonly handlers = new Map<string, Handler>();
  readonly #segments: readonly string[];

  constructor(pattern: string) {
    this.#segments = pattern.split('/');
  }

  /** The parameters when the segments fit the pattern. A parameter is never empty. */
  match(segments: readonly string[]): Map<string, string> | null {
    if (segments.length !== this.#segments.length) return null;
    const params = new Map<string, string>();
    for (const [index, wanted] of this.#segments.entries()) {
      const given = segments[index] ?? '';
      if (wanted.startsWith(':') && given !== '') params.set(wanted.slice(1), given);
      else if (wanted !== given) return null;
    }
    return params;
  }

  /** The methods that work. Who knows GET knows HEAD. */
  allow(): string {
    const methods = new Set(this.handlers.keys());
    if (methods.has('GET')) methods.add('HEAD');
    return [...methods].sort().join(', ');
  }
}

export class Router {
  readonly #routes = new Map<string, Route>();

  add(method: string, pattern: string, handler: Handler): void {
    const route = this.#routes.get(pattern) ?? new Route(pattern);
    route.handlers.set(method, handler);
    this.#routes.set(pattern, route);
  }

  /** Throws 404 when no route has the path, 405 when the route does not have the method. */
  find(method: string, segments: readonly string[]): Match {
    for (const route of this.#routes.values()) {
      const params = route.match(segments);
      if (params === null) continue;
      const handler =
        route.handlers.get(method) ?? (method === 'HEAD' ? route.handlers.get('GET') : undefined);
      if (handler !== undefined) return { handler, params };
      const allow = route.allow();
      throw new HttpError(405, `This address knows ${allow}.`, { allow });
    }
    throw new HttpError(404, 'There is nothing at this address.');
  }
}
