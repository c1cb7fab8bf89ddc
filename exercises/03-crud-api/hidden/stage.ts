// canary 7e22fe9bb463ec13c23f2d06
import { database, same, show, step } from '#suite';
import type { Answer, App, Random, Trial } from '#suite';

/** A book as a client sends it. */
export type Input = { title: string; author: string; isbn: string; year?: number; tags?: string[] };

/** What the contract says about a book in an answer. `created`: milliseconds since 1970. */
export type Book = Required<Omit<Input, 'year'>> & {
  id: string | number;
  year: number | null;
  created: number;
};

/** A book that was created, and its path. */
export type Shelved = { book: Book; path: string };

/** A date that a client sends, and that no book takes over. */
export const SENT_DATE = '2001-01-01T00:00:00.000Z';

export const MERGE_PATCH = 'application/merge-patch+json';

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/;

/** An app on the database of the rule. `host`: in a process of its own. */
export async function openApp(t: Trial, host = 1): Promise<App> {
  return await t.serve('createApp', [{ db: database('app') }], { host });
}

/** A book that nobody has sent yet, with all fields. Its isbn has a right check digit, in case somebody looks. */
export function anyBook(random: Random, changes: Partial<Input> = {}): Input {
  return {
    title: `${capital(random.word())} ${random.word(5)}`,
    author: `${capital(random.word(4))} ${capital(random.word(7))}`,
    isbn: anyIsbn(random),
    year: random.integer(1450, 2020),
    tags: [random.word(4), random.word(5)],
    ...changes,
  };
}

/** The same without the optional fields. */
export function plainBook(random: Random): Input {
  const { title, author, isbn } = anyBook(random);
  return { title, author, isbn };
}

/**
 * Creates a book for a rule that is about something else: how POST answers is the matter of R1. The book is what GET says
 * afterwards.
 */
export async function shelve(app: App, input: Input): Promise<Shelved> {
  return await shelved(app, await app.post('/books', { json: input }), input);
}

/** The book that this answer to a POST speaks of, as GET tells it. */
export async function shelved(app: App, answer: Answer, input: Input): Promise<Shelved> {
  const path = pathOf(newId(answer));
  return { book: mustTell(await app.get(path), 200, input), path };
}

/** The id of a book that was created. */
export function newId(answer: Answer): string | number {
  answer.must('201 and the new book as JSON, with its id', () => {
    return isCreated(answer) && isId((answer.json as { id: unknown }).id);
  });
  return (answer.json as { id: string | number }).id;
}

/** 201; whether it may be 200 is asked by R1 alone. */
export function isCreated({ status }: Answer): boolean {
  return status === 201 || status === 200;
}

/** Creates many books, ten at a time: it saves a third of the time, and nobody has to wait for long in a queue. */
export async function shelveMany(app: App, random: Random, count: number): Promise<(string | number)[]> {
  const ids: (string | number)[] = [];
  while (ids.length < count) {
    const inputs = Array.from({ length: Math.min(10, count - ids.length) }, () => plainBook(random));
    const answers = await Promise.all(inputs.map((json) => app.post('/books', { json })));
    ids.push(...answers.map(newId));
  }
  return ids;
}

/** What R1 asks of the answer to a POST. */
export function mustBeCreated(app: App, answer: Answer, input: Input): Book {
  answer.mustBe(201);
  const book = mustTell(answer, 201, input);
  answer.must(
    `a Location that leads to ${pathOf(book.id)}`,
    () => locationOf(app, answer) === String(book.id),
  );
  return book;
}

/** Ends the rule unless the answer is JSON with a book of these fields. Says which book it is. */
export function mustTell(answer: Answer, status: number, input: Input): Book {
  const expected = show({ ...input, tags: input.tags ?? [] });
  answer.must(`${status} and JSON with ${expected}, an id and createdAt`, () => {
    const book = bookOf(answer.json);
    return answer.status === status && answer.isJson && book !== null && has(book, input);
  });
  return bookOf(answer.json) as Book;
}

/** Ends the rule unless the answer is 200 and exactly this book. */
export function mustServe(answer: Answer, book: Book): void {
  answer.must(`200 and the book ${showBook(book)}`, () => {
    return answer.status === 200 && answer.isJson && same(bookOf(answer.json), book);
  });
}

/** 200 with the book, or 204: what PUT and PATCH answer. */
export function mustAgree(answer: Answer, book: Book): void {
  answer.must(`204, or 200 and the book ${showBook(book)}`, () => {
    if (answer.status === 204) return true;
    return answer.status === 200 && answer.isJson && same(bookOf(answer.json), book);
  });
}

/** 400 or 422: the body was understood and is no book. */
export function mustReject(answer: Answer): void {
  answer.must('status 400 or 422', () => answer.status === 400 || answer.status === 422);
}

/** 404, or 400 for an id that no server could have made. */
export function mustMiss(answer: Answer): void {
  answer.must('status 404 (or 400)', () => answer.status === 404 || answer.status === 400);
}

/** 404. `exact`: see `unknownId`. */
export function mustFindNone(answer: Answer, exact: boolean): void {
  if (exact) answer.mustBe(404);
  else mustMiss(answer);
}

/** A problem document (RFC 9457 §3). Members that are there have the right types. */
export function mustBeProblem(answer: Answer): void {
  answer.must('a problem document: application/problem+json with a title', () => {
    const { title, type, detail, instance, status } = answer.json as Record<string, unknown>;
    const text = (value: unknown): boolean => value === undefined || typeof value === 'string';
    return (
      answer.mediaType === 'application/problem+json' &&
      typeof title === 'string' &&
      title !== '' &&
      text(type) &&
      text(detail) &&
      text(instance) &&
      (status === undefined || status === answer.status)
    );
  });
}

/** What a client sees of the whole shelf when it has at most 100 books. */
export async function mustList(app: App, books: readonly Book[]): Promise<void> {
  const answer = await app.get('/books?limit=100');
  const expected = `200 with a total of ${books.length} and these ids: ${show(books.map(({ id }) => id))}`;
  answer.must(expected, () => {
    const { items, total } = answer.json as { items: unknown[]; total: unknown };
    if (answer.status !== 200 || !answer.isJson || total !== books.length || items.length !== books.length)
      return false;
    const listed = items.map(bookOf);
    return books.every((book) => listed.some((item) => same(item, book)));
  });
}

/** The cases of a body that is refused, each as a step. `send` sends a body, `after` looks at what came of it. */
export async function refuseEach(
  t: Trial,
  cases: readonly (readonly [what: string, json: unknown])[],
  send: (json: unknown) => Promise<Answer>,
): Promise<void> {
  for (const [what, json] of cases) {
    await step(t, what, async () => mustReject(await send(json)));
  }
}

/**
 * An id like this one that no book has. `exact`: it has the form of the program's ids, so only 404 is right for it; where
 * the form is not known, a program may see that the id cannot be one of its own.
 */
export function unknownId(random: Random, id: string | number): { id: string | number; exact: boolean } {
  if (typeof id === 'number') return { id: id + 987_654, exact: true };
  if (/^\d{1,15}$/.test(id)) return { id: String(Number(id) + 987_654), exact: true };
  const exact = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  // The last digits alone: what stands in front may say which version of UUID it is.
  const end = String(random.integer(100_000_000, 999_999_999));
  return { id: exact ? `${id.slice(0, -9)}${end}` : `${id}${end}`, exact };
}

export function pathOf(id: string | number): string {
  return `/books/${encodeURIComponent(String(id))}`;
}

/** The book with other values in it, as it has to be afterwards. */
export function changed(book: Book, input: Input): Book {
  const { title, author, isbn, year, tags } = input;
  return { ...book, title, author, isbn, year: year ?? null, tags: tags ?? [] };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What the contract says about a book, or null when it is none. A year that is absent is a year that is null. */
export function bookOf(value: unknown): Book | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, title, author, isbn, year = null, tags, createdAt } = value as Record<string, unknown>;
  const created = typeof createdAt === 'string' && RFC_3339.test(createdAt) ? Date.parse(createdAt) : NaN;
  if (!isId(id) || Number.isNaN(created) || !Array.isArray(tags)) return null;
  return { id, title, author, isbn, year, tags, created } as Book;
}

function isId(id: unknown): id is string | number {
  return (typeof id === 'string' && id !== '') || Number.isInteger(id);
}

function has(book: Book, { title, author, isbn, year, tags }: Input): boolean {
  return same(
    [book.title, book.author, book.isbn, book.year, book.tags],
    [title, author, isbn, year ?? null, tags ?? []],
  );
}

/** The id that the Location names, or null when it leads somewhere else. */
function locationOf(app: App, answer: Answer): string | null {
  const base = `http://127.0.0.1:${app.port}`;
  const location = answer.header('location');
  if (location === null || !URL.canParse(location, `${base}/books`)) return null;
  const { origin, pathname } = new URL(location, `${base}/books`);
  const [, segment] = /^\/books\/([^/]+)$/.exec(pathname) ?? [];
  return origin === base && segment !== undefined ? decodeURIComponent(segment) : null;
}

function showBook({ created, year, ...rest }: Book): string {
  return show({ ...rest, ...(year === null ? {} : { year }), createdAt: new Date(created).toISOString() });
}

function anyIsbn(random: Random): string {
  const digits = `978${String(random.integer(0, 999_999_999)).padStart(9, '0')}`;
  const sum = digits
    .split('')
    .reduce((all, digit, index) => all + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

export function isRejected(answer: Answer): boolean {
  return answer.status === 400 || answer.status === 422;
}

export function mustTakeNothing(answer: Answer, what: string, id: string | number): void {
  answer.must(`a book that did not take over ${what}`, () => {
    const told = answer.json as Record<string, unknown>;
    const created = typeof told['createdAt'] === 'string' ? Date.parse(told['createdAt']) : NaN;
    return told['id'] !== id && created !== Date.parse(SENT_DATE) && told['deleted'] !== true;
  });
}

export function itemsOf(answer: Answer): Book[] {
  const { items } = answer.json as { items: unknown[] };
  return items.map((item) => {
    const book = bookOf(item);
    if (book === null) throw new Error('an item is no book');
    return book;
  });
}

export function totalOf(answer: Answer): unknown {
  return (answer.json as { total: unknown }).total;
}
