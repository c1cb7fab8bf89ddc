// canary 74e6ec721f260283b6b9519f
import { database, eventually, rule, step, Unmet } from '#suite';
import type { Answer, App } from '#suite';
import {
  anyBook,
  changed,
  isCreated,
  mustAgree,
  mustBeProblem,
  mustList,
  mustServe,
  openApp,
  pathOf,
  plainBook,
  shelve,
  shelved,
  unknownId,
} from './stage.ts';
import type { Shelved } from './stage.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

rule('R10', async (t) => {
  const app = await openApp(t);
  const { path, book } = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const cases = [
    ['PUT', '/books', ['GET', 'POST']],
    ['PATCH', '/books', ['GET', 'POST']],
    ['DELETE', '/books', ['GET', 'POST']],
    ['PROPFIND', '/books', ['GET', 'POST']],
    ['POST', '/books/ID', ['GET', 'PUT', 'PATCH', 'DELETE']],
    ['PROPFIND', '/books/ID', ['GET', 'PUT', 'PATCH', 'DELETE']],
  ] as const;
  for (const [method, route, allowed] of cases) {
    await step(t, `${method} ${route}`, async () => {
      const json = method === 'DELETE' || method === 'PROPFIND' ? {} : { json: anyBook(t.random) };
      const answer = await app.request(method, route === '/books' ? route : path, json);
      answer.must(`405 with an Allow header that names ${allowed.join(', ')}`, () => {
        const names = answer.list('allow');
        return answer.status === 405 && allowed.every((name) => names.includes(name));
      });
    });
  }
  await step(t, 'an unknown path stays 404', async () => {
    (await app.get(`/${t.random.word()}`)).mustBe(404);
    (await app.get(`${path}/${t.random.word()}`)).mustBe(404);
    (await app.get(`/books${t.random.word()}`)).mustBe(404);
  });
  await step(t, 'the book is as it was', async () => mustServe(await app.get(path), book));
});

rule('R11', async (t) => {
  const app = await openApp(t);
  const { path, book } = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const text = { 'Content-Type': 'text/plain' };
  const { id } = unknownId(t.random, book.id);
  const bad = { ...anyBook(t.random), title: 7 };
  const cases: [what: string, statuses: number[], send: () => Promise<Answer>][] = [
    ['a path that nobody knows', [404], () => app.get(`/${t.random.word()}`)],
    ['a book that is not there', [404, 400], () => app.get(pathOf(id))],
    [
      'PUT to a book that is not there',
      [404, 400],
      () => app.request('PUT', pathOf(id), { json: anyBook(t.random) }),
    ],
    ['an address that cannot be decoded', [404, 400], () => app.get('/books/%zz')],
    [
      'POST of JSON that is broken off',
      [400],
      () => app.post('/books', { headers: JSON_TYPE, body: '{"title": ' }),
    ],
    [
      'POST of another media type',
      [415],
      () => app.post('/books', { headers: { 'Content-Type': 'text/plain' }, body: 'x' }),
    ],
    ['POST of what is no book', [400, 422], () => app.post('/books', { json: bad })],
    ['PUT of what is no book', [400, 422], () => app.request('PUT', path, { json: bad })],
    ['PATCH to what is no book', [400, 422], () => app.request('PATCH', path, { json: { title: 7 } })],
    [
      'PUT of JSON that is broken off',
      [400],
      () => app.request('PUT', path, { headers: JSON_TYPE, body: '{"' }),
    ],
    [
      'PATCH of JSON that is broken off',
      [400],
      () => app.request('PATCH', path, { headers: JSON_TYPE, body: '{"' }),
    ],
    ['PUT of another media type', [415], () => app.request('PUT', path, { headers: text, body: '{}' })],
    ['PATCH of another media type', [415], () => app.request('PATCH', path, { headers: text, body: '{}' })],
    ['a method that does not work', [404, 405], () => app.request('DELETE', '/books')],
  ];
  for (const [what, statuses, send] of cases) {
    await step(t, what, async () => {
      const answer = await send();
      answer.must(`status ${statuses.join(' or ')}`, () => statuses.includes(answer.status));
      mustBeProblem(answer);
    });
  }
  // Which status these get is the matter of other rules.
  for (const [what, send] of [
    ['a limit that is no number', () => app.get('/books?limit=abc')],
    ['an isbn that is taken', () => app.post('/books', { json: anyBook(t.random, { isbn: book.isbn }) })],
    ['POST to a book', () => app.post(path, { json: anyBook(t.random) })],
    ['no body', () => app.post('/books')],
    ['a list', () => app.post('/books', { json: [] })],
    ['PATCH to a book that is not there', () => app.request('PATCH', pathOf(id), { json: {} })],
    ['DELETE of a book that is not there', () => app.request('DELETE', pathOf(id))],
  ] as const) {
    await step(t, what, async () => {
      const answer = await send();
      if (answer.status >= 400) mustBeProblem(answer);
    });
  }
  await step(t, 'a book is still application/json', async () => mustServe(await app.get(path), book));
});

rule('R12', async (t) => {
  const app = await openApp(t);
  const other = await openApp(t, 2);
  const first = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const second = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const { isbn } = first.book;
  await step(t, 'POST with an isbn that is taken', async () => {
    (await app.post('/books', { json: anyBook(t.random, { isbn }) })).mustBe(409);
  });
  await step(t, 'two processes at the same moment', async () => {
    const [one, two] = [anyBook(t.random), anyBook(t.random)];
    two.isbn = one.isbn;
    const log = t.statements({ host: 1 });
    await log.pauseOn('INSERT');
    // The first process stands right before its INSERT; whatever it has looked up before is old by now.
    const slow = app.post('/books', { json: one });
    await Promise.race([log.paused(), slow]);
    const quick = other.post('/books', { json: two });
    // A program that holds the write lock from its look to its INSERT makes the other wait: let go of it, then.
    await Promise.race([quick, standstill()]);
    await log.release();
    const answers = await Promise.all([slow, quick]);
    const [won, ...others] = answers.filter(isCreated);
    const lost = answers.find(({ status }) => status === 409);
    if (won === undefined || others.length > 0 || lost === undefined) {
      throw new Unmet({
        expected: 'one 201 and one 409',
        got: answers
          .map(({ status }) => status)
          .toSorted((a, b) => a - b)
          .join(' and '),
        sent: 'POST /books with one isbn, to two processes that serve the same file',
      });
    }
    await shelved(app, won, won === answers[0] ? one : two);
  });
  await step(t, 'PUT with an isbn that is taken', async () => {
    (await app.request('PUT', second.path, { json: anyBook(t.random, { isbn }) })).mustBe(409);
  });
  await step(t, 'PATCH with an isbn that is taken', async () => {
    (await app.request('PATCH', second.path, { json: anyBook(t.random, { isbn }) })).mustBe(409);
    (await app.request('PATCH', second.path, { json: { isbn } })).mustBe(409);
  });
  await step(t, 'nothing has changed', async () => {
    mustServe(await app.get(first.path), first.book);
    mustServe(await other.get(second.path), second.book);
  });
  await step(t, 'a new isbn is still welcome', async () => {
    await shelve(other, anyBook(t.random));
    const input = anyBook(t.random);
    const now = changed(second.book, input);
    mustAgree(await app.request('PATCH', second.path, { json: input }), now);
    mustServe(await other.get(second.path), now);
  });
});

rule('R13', async (t) => {
  const app = await openApp(t);
  const other = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const { path, book } = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  for (const [what, input] of [
    ['with all fields', anyBook(t.random)],
    ['without the optional ones', plainBook(t.random)],
    ['with the isbn it has', anyBook(t.random, { isbn: book.isbn })],
  ] as const) {
    const now = changed(book, input);
    for (const time of ['once', 'twice']) {
      await step(t, `PUT ${what}, ${time}`, async () => {
        mustAgree(await app.request('PUT', path, { json: input }), now);
        mustServe(await app.get(path), now);
        mustServe(await app.get(other.path), other.book);
      });
    }
  }
});

rule('R14', async (t) => {
  const before = await openApp(t);
  const all: Shelved[] = [];
  await step(t, 'books are created', async () => {
    all.push(await shelve(before, anyBook(t.random)), await shelve(before, plainBook(t.random)));
  });
  const mustServeAll = async (app: App): Promise<void> => {
    for (const { path, book } of all) mustServe(await app.get(path), book);
    await mustList(
      app,
      all.map(({ book }) => book),
    );
  };
  for (const [what, host] of [
    ['a second app in the same process', 1],
    ['an app in another process', 2],
  ] as const) {
    const app = await step(t, what, () => openApp(t, host));
    await step(t, `${what} serves the books`, () => mustServeAll(app));
    await step(t, `${what} adds one`, async () => {
      all.push(await shelve(app, anyBook(t.random)));
      await mustServeAll(before);
    });
    await step(t, `${what} changes one`, async () => {
      const input = anyBook(t.random);
      const { path, book } = all[0] as Shelved;
      const now = changed(book, input);
      mustAgree(await app.request('PUT', path, { json: input }), now);
      all[0] = { path, book: now };
      await mustServeAll(before);
    });
    await step(t, `${what} deletes one`, async () => {
      const { path } = all.pop() as Shelved;
      await app.request('DELETE', path);
      (await before.get(path)).mustBe(404);
      await mustServeAll(before);
    });
  }
  await step(t, 'an app on another file has books of its own', async () => {
    const elsewhere = await t.serve('createApp', [{ db: database('elsewhere') }]);
    await mustList(elsewhere, []);
    const { book } = await shelve(elsewhere, anyBook(t.random));
    await mustServeAll(before);
    await mustList(elsewhere, [book]);
  });
});

rule('R15', async (t) => {
  const app = await openApp(t);
  const { path, book } = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const input = anyBook(t.random);
  const cases: [what: string, send: () => Promise<Answer>][] = [
    ['GET /books', () => app.get('/books')],
    ['GET /books/ID', () => app.get(path)],
    ['POST /books', () => app.post('/books', { json: input })],
    ['PUT /books/ID', () => app.request('PUT', path, { json: input })],
    ['PATCH /books/ID', () => app.request('PATCH', path, { json: { title: t.random.word() } })],
    ['DELETE /books/ID', () => app.request('DELETE', path)],
  ];
  await t.database('app').breakTables();
  for (const [what, send] of cases) {
    await step(t, `the database fails: ${what}`, async () => {
      const answer = await send();
      answer.mustBe(500);
      answer.must('nothing of the inside: no SQL, no message of the driver, no stack trace, no path', () => {
        return !tellsInside(answer.text);
      });
      mustBeProblem(answer);
    });
  }
  await t.database('app').healTables();
  await step(t, 'the database works again', async () => {
    mustServe(await app.get(path), book);
    await shelve(app, input);
    const now = changed(book, anyBook(t.random));
    const { title, author, isbn, year, tags } = now;
    for (const method of ['PUT', 'PATCH']) {
      mustAgree(await app.request(method, path, { json: { title, author, isbn, year, tags } }), now);
    }
    // Another process sees only what was really written.
    mustServe(await (await openApp(t, 2)).get(path), now);
    await app.request('DELETE', path);
    (await app.get(path)).mustBe(404);
  });
});

/** SQL, words of the driver, a line of a stack trace or a path of the machine. */
function tellsInside(text: string): boolean {
  return [
    /sqlite/i,
    /no such (table|column)/i,
    /\bselect\b.+\bfrom\b|\binsert\b.+\binto\b|\bupdate\b.+\bset\b|\bdelete from\b/is,
    /\bat .+[:(].+:\d+/,
    /file:\/\//,
    /[\\/][\w.-]+\.m?[jt]s\b/,
    /node_modules/,
  ].some((pattern) => pattern.test(text));
}

/** Long enough for an answer that nobody holds up. Ends by itself: it decides nothing, it only stops a wait. */
async function standstill(): Promise<void> {
  await eventually(async () => Promise.resolve(false), 400);
}
