// canary 5ab05b2124897ac98f6cecb1
import { quote, rule, show, step, Unmet } from '#suite';
import type { Answer } from '#suite';
import {
  anyBook,
  bookOf,
  itemsOf,
  MERGE_PATCH,
  mustBeCreated,
  mustFindNone,
  mustList,
  mustMiss,
  mustServe,
  mustTell,
  newId,
  openApp,
  pathOf,
  plainBook,
  refuseEach,
  shelve,
  shelved,
  shelveMany,
  totalOf,
  unknownId,
} from './stage.ts';
import type { Book, Input, Shelved } from './stage.ts';

const DAY = 86_400_000;
const QUOTES = `Emma's "world"`;
const ATTACK = `'; DROP TABLE books;--`;

rule('R1', async (t) => {
  const app = await openApp(t);
  const create = async (input: Input): Promise<Book> =>
    mustBeCreated(app, await app.post('/books', { json: input }), input);
  const first = await step(t, 'a book with all fields', () => create(anyBook(t.random)));
  const second = await step(t, 'a book without year and tags', () => create(plainBook(t.random)));
  await step(t, 'two books have two ids', async () => {
    const answer = await app.post('/books', { json: anyBook(t.random) });
    answer.must('201 and an id that no other book has', () => {
      const { id } = bookOf(answer.json) as Book;
      return answer.status === 201 && ![first.id, second.id].includes(id);
    });
  });
  await step(t, 'createdAt, a day later', async () => {
    await t.clock.advance(DAY);
    const answer = await app.post('/books', { json: anyBook(t.random) });
    // `Date` reads the clock of the check, and SQLite that of the machine.
    const clocks = [t.now + DAY, Date.now()];
    answer.must(`createdAt within some minutes of ${new Date(t.now + DAY).toISOString()}`, () => {
      const { created } = bookOf(answer.json) as Book;
      return clocks.some((now) => Math.abs(created - now) < 10 * 60_000);
    });
  });
});

rule('R2', async (t) => {
  const app = await openApp(t);
  const inputs = [anyBook(t.random), plainBook(t.random)] as const;
  const answers = [] as Answer[];
  await step(t, 'two books are created', async () => {
    for (const json of inputs) answers.push(await app.post('/books', { json }));
    answers.forEach(newId);
  });
  const [first, second] = answers as [Answer, Answer];
  await step(t, 'the first book', async () => {
    const answer = await app.get(pathOf(newId(first)));
    const book = mustTell(answer, 200, inputs[0]);
    const posted = bookOf(first.json);
    answer.must(`the id and createdAt that POST answered with: ${quote(first.text)}`, () => {
      return posted === null || (posted.id === book.id && posted.created === book.created);
    });
  });
  await step(t, 'the second book', async () =>
    mustTell(await app.get(pathOf(newId(second))), 200, inputs[1]),
  );
  await step(t, 'an id that no book has', async () => {
    const { id, exact } = unknownId(t.random, newId(second));
    mustFindNone(await app.get(pathOf(id)), exact);
  });
  await step(t, 'an id with letters behind it', async () => {
    mustMiss(await app.get(`${pathOf(newId(first))}abc`));
  });
  await step(t, 'an id that is a word', async () => mustMiss(await app.get('/books/no-such-book')));
});

rule('R3', async (t) => {
  const app = await openApp(t);
  await step(t, 'an empty shelf', () => mustList(app, []));
  const ids = await step(t, '103 books are created', () => shelveMany(app, t.random, 103));
  const page = async (query: string, size: number): Promise<Book[]> => {
    const answer = await app.get(`/books${query}`);
    answer.must(`200, ${size} items that are books, and a total of ${ids.length}`, () => {
      const items = itemsOf(answer);
      return answer.status === 200 && items.length === size && totalOf(answer) === ids.length;
    });
    return itemsOf(answer);
  };
  await step(t, 'no limit named', () => page('', 20));
  await step(t, 'a limit of 5', () => page('?limit=5', 5));
  await step(t, 'a limit of 100000', () => page('?limit=100000', 100));
  await step(t, 'the pages hold every book once', async () => {
    const pages = [
      ['?limit=40', 40] as const,
      ['?limit=40&offset=40', 40] as const,
      ['?offset=80&limit=40', 23] as const,
    ];
    const seen = new Set<string>();
    for (const [query, size] of pages) for (const { id } of await page(query, size)) seen.add(String(id));
    const missing = ids.filter((id) => !seen.has(String(id)));
    if (missing.length === 0) return;
    throw new Unmet({
      expected: 'every book on one of the three pages',
      got: `these ids are on none of them: ${show(missing)}`,
      sent: `GET ${pages.map(([query]) => `/books${query}`).join(', ')}`,
    });
  });
  await step(t, 'past the end', () => page('?offset=500', 0));
  await step(t, 'the last of them can be read', async () =>
    (await app.get(pathOf(ids.at(-1) ?? ''))).mustBe(200),
  );
  for (const query of ['limit=-1', 'limit=abc', 'limit=5abc', 'offset=-1', 'offset=abc', 'offset=5abc']) {
    await step(t, query, async () => {
      const answer = await app.get(`/books?${query}`);
      answer.must('400, or 200 and at most 20 items', () => {
        return answer.status === 400 || (answer.status === 200 && itemsOf(answer).length <= 20);
      });
    });
  }
});

rule('R4', async (t) => {
  const app = await openApp(t);
  const json = { 'Content-Type': 'application/json' };
  await step(t, 'a media type with a parameter', async () => {
    const good = anyBook(t.random);
    const headers = { 'Content-Type': 'application/json; charset=utf-8' };
    await shelved(app, await app.post('/books', { headers, body: JSON.stringify(good) }), good);
  });
  await step(t, 'a media type in upper case', async () => {
    const good = anyBook(t.random);
    const headers = { 'Content-Type': 'Application/JSON' };
    await shelved(app, await app.post('/books', { headers, body: JSON.stringify(good) }), good);
  });
  await step(t, 'texts as short as they may be', async () => {
    await shelve(app, anyBook(t.random, { title: 'T', author: 'A', isbn: '7' }));
  });
  for (const year of [-3000, 3000]) {
    await step(t, `the year ${year}`, async () => void (await shelve(app, anyBook(t.random, { year }))));
  }
  await step(t, 'texts as long as they may be', async () => {
    const isbn = `${anyBook(t.random).isbn}-123456`;
    await shelve(app, anyBook(t.random, { title: 'T'.repeat(200), author: 'A'.repeat(200), isbn }));
  });
  const refused: Input[] = [];
  const next = (changes: Record<string, unknown> = {}): Record<string, unknown> => {
    const book = anyBook(t.random);
    refused.push(book);
    return { ...book, ...changes };
  };
  await step(t, 'JSON that is broken off', async () => {
    const body = JSON.stringify(next()).slice(0, -2);
    (await app.post('/books', { headers: json, body })).mustBe(400);
  });
  await step(t, 'a body that is not JSON', async () => {
    (await app.post('/books', { headers: json, body: 'title=Emma' })).mustBe(400);
  });
  for (const type of [
    'text/plain',
    'application/xml',
    'application/x-www-form-urlencoded',
    MERGE_PATCH,
    'application/json-patch+json',
    'application/ld+json',
    'text/json',
  ]) {
    await step(t, `a body of type ${type}`, async () => {
      const body = JSON.stringify(next());
      (await app.post('/books', { headers: { 'Content-Type': type }, body })).mustBe(415);
    });
  }
  await step(t, 'no body at all', async () => (await app.post('/books')).mustRefuse());
  await step(t, 'an empty body', async () => {
    (await app.post('/books', { headers: json, body: '' })).mustRefuse();
  });
  await refuseEach(
    t,
    [
      ['a list', [next()]],
      ['a string', 'Emma'],
      ['null', null],
      ['an empty object', {}],
      ['title is missing', next({ title: undefined })],
      ['author is missing', next({ author: undefined })],
      ['isbn is missing', next({ isbn: undefined })],
      ['title is null', next({ title: null })],
      ['title is a number', next({ title: 7 })],
      ['author is a list', next({ author: ['Jane Austen'] })],
      ['isbn is a number', next({ isbn: t.random.integer(1, 1e9) })],
      ['isbn is an object', next({ isbn: {} })],
      ['author is null', next({ author: null })],
      ['isbn is null', next({ isbn: null })],
      ['title is empty', next({ title: '' })],
      ['author is empty', next({ author: '' })],
      ['isbn is empty', next({ isbn: '' })],
      ['title has 201 characters', next({ title: 'T'.repeat(201) })],
      ['author has 201 characters', next({ author: 'A'.repeat(201) })],
      ['isbn has 21 characters', next({ isbn: '9'.repeat(21) })],
      ['year is a string', next({ year: '1815' })],
      ['year is not whole', next({ year: 1815.5 })],
      ['year is true', next({ year: true })],
      ['tags is a string', next({ tags: 'novel' })],
      ['tags is an object', next({ tags: { 0: 'novel' } })],
      ['a tag is a number', next({ tags: ['novel', 7] })],
    ],
    (body) => app.post('/books', { json: body }),
  );
  await step(t, 'nothing of it is stored', async () => {
    const texts = refused.flatMap(({ title, author }) => [title, author]);
    const found = (await t.database('app').dump()).find(
      ({ value }) => typeof value === 'string' && texts.some((text) => value.includes(text)),
    );
    if (found === undefined) return;
    throw new Unmet({
      expected: 'nothing of a refused body in the database',
      got: `${found.table}.${found.column} is ${show(found.value)}`,
      sent: 'POST /books, with bodies that were refused',
    });
  });
});

rule('R5', async (t) => {
  const app = await openApp(t);
  const texts = [
    ['quotes', QUOTES],
    ['SQL', ATTACK],
    ['signs of SQL and of HTML', `100% _ ? :name @x $1 \\ ; -- <b>&amp;</b>`],
    ['emoji and accents', '🦊 Zoë e\u0301 李小龍'],
    ['digits', '0042'],
  ] as const;
  const all: Shelved[] = [];
  for (const [what, text] of texts) {
    await step(t, `${what} in the texts`, async () => {
      const isbn = `${t.random.word(6)}${text.slice(0, 8).trim()}`;
      const one = await shelve(
        app,
        anyBook(t.random, { title: text, author: `${text} ${t.random.word(4)}`, isbn, tags: [text] }),
      );
      all.push(one);
    });
  }
  await step(t, 'an isbn with hyphens, and one without', async () => {
    const { isbn } = anyBook(t.random);
    const hyphens = `${isbn.slice(0, 3)}-${isbn.slice(3)}`;
    for (const each of [isbn, hyphens]) all.push(await shelve(app, anyBook(t.random, { isbn: each })));
  });
  await step(t, 'commas and brackets in tags', async () => {
    const tags = ['crime, true', 'a;b|c', '["x"]', '"', 'null'];
    const one = await shelve(app, anyBook(t.random, { tags }));
    all.push(one);
  });
  for (const [what, year] of [
    ['the year 0', 0],
    ['a year before it', -700],
  ] as const) {
    await step(t, what, async () => {
      const one = await shelve(app, anyBook(t.random, { year }));
      all.push(one);
    });
  }
  await step(t, 'SQL in the address', async () => {
    mustMiss(await app.get('/books/0%20OR%201%3D1'));
    mustMiss(await app.get(`/books/${encodeURIComponent(ATTACK)}`));
  });
  await step(t, 'all books are still there', async () => {
    for (const { path, book } of all) mustServe(await app.get(path), book);
  });
});
