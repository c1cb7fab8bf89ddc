import type { BookRecord, BookRepository } from './book-repository.ts';
import { ApiError } from './errors.ts';
import { applyPatch, parseBook, type BookData } from './validation.ts';

export type BookView = BookData & { id: number; createdAt: string; _links: { self: string } };

/** What can be done with books, without a word about HTTP but the statuses of its errors. */
export class BookService {
  readonly #books: BookRepository;

  constructor(books: BookRepository) {
    this.#books = books;
  }

  create(input: Record<string, unknown>): BookView {
    const data = parseBook(input);
    return view(conflictAware(() => this.#books.insert(data, Date.now())));
  }

  get(id: number): BookView {
    const record = this.#books.findById(id);
    if (record === undefined) throw new ApiError(404, 'Book not found');
    return view(record);
  }

  list(limit: number, offset: number): { items: BookView[]; total: number; limit: number; offset: number } {
    return this.#books.transaction(() => ({
      items: this.#books.findPage(limit, offset).map(view),
      total: this.#books.count(),
      limit,
      offset,
    }));
  }

  replace(id: number, input: Record<string, unknown>): BookView {
    return this.#change(id, () => parseBook(input));
  }

  patch(id: number, input: Record<string, unknown>): BookView {
    return this.#change(id, (before) => applyPatch(before, input));
  }

  delete(id: number): void {
    if (!this.#books.markDeleted(id, Date.now())) throw new ApiError(404, 'Book not found');
  }

  #change(id: number, edit: (before: BookData) => BookData): BookView {
    return conflictAware(() =>
      this.#books.transaction(() => {
        this.#books.update(id, edit(this.get(id)));
        return this.get(id);
      }),
    );
  }
}

function view({ id, doc, created_at: createdAt }: BookRecord): BookView {
  const data = JSON.parse(doc) as BookData;
  return { ...data, id, createdAt: new Date(createdAt).toISOString(), _links: { self: `/books/${id}` } };
}

function conflictAware<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'SQLITE_CONSTRAINT_UNIQUE') throw new ApiError(409, 'This isbn is taken');
    throw error;
  }
}
