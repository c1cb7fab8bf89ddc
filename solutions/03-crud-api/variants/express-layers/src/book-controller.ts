import { json, Router, type Request, type Response } from 'express';
import type { BookService } from './book-service.ts';
import { ApiError } from './errors.ts';
import { requireObject } from './validation.ts';

const JSON_TYPE = 'application/json';
const MERGE_PATCH = 'application/merge-patch+json';

type WithId = Request<{ id: string }>;

/** Between HTTP and the service: addresses, statuses and headers. */
export class BookController {
  readonly #service: BookService;

  constructor(service: BookService) {
    this.#service = service;
  }

  router(): Router {
    const router = Router();
    router.use(json({ type: [JSON_TYPE, MERGE_PATCH], strict: false, limit: '64kb' }));
    router.get('/', (request, response) => this.#list(request, response));
    router.post('/', (request, response) => this.#create(request, response));
    router.all('/', (request) => refuseMethod(request, 'GET, POST'));
    router.get('/:id', (request, response) => void response.json(this.#service.get(idOf(request))));
    router.put('/:id', (request, response) => {
      const body = bodyOf(request, JSON_TYPE);
      response.json(this.#service.replace(idOf(request), body));
    });
    router.patch('/:id', (request, response) => {
      const body = bodyOf(request, JSON_TYPE, MERGE_PATCH);
      response.json(this.#service.patch(idOf(request), body));
    });
    router.delete('/:id', (request, response) => {
      this.#service.delete(idOf(request));
      response.sendStatus(204);
    });
    router.all('/:id', (request) => refuseMethod(request, 'GET, PUT, PATCH, DELETE'));
    return router;
  }

  #list({ query }: Request, response: Response): void {
    const limit = Math.min(countOf(query['limit'], 20), 100);
    response.json(this.#service.list(limit, countOf(query['offset'], 0)));
  }

  #create(request: Request, response: Response): void {
    const book = this.#service.create(bodyOf(request, JSON_TYPE));
    response.status(201).location(`/books/${book.id}`).json(book);
  }
}

function bodyOf(request: Request, ...types: string[]): Record<string, unknown> {
  if (request.is(types) === false) throw new ApiError(415, 'Unsupported media type');
  return requireObject(request.body);
}

function refuseMethod({ method }: Request, allow: string): never {
  throw new ApiError(405, `${method} is not allowed here`, { Allow: allow });
}

function idOf({ params: { id } }: WithId): number {
  if (!/^\d{1,12}$/.test(id)) throw new ApiError(400, 'An id is a whole number');
  return Number(id);
}

function countOf(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  const count = Number(value);
  if (value === '' || !Number.isSafeInteger(count) || count < 0)
    throw new ApiError(400, 'limit and offset count');
  return count;
}
