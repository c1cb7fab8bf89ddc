// canary f32736cbd0eb48202e52b02b
import { rule, step } from '#suite';
import type { Answer } from '#suite';
import {
  anyBook,
  bookOf,
  changed,
  isRejected,
  MERGE_PATCH,
  mustAgree,
  mustFindNone,
  mustList,
  mustServe,
  mustTakeNothing,
  openApp,
  pathOf,
  plainBook,
  refuseEach,
  SENT_DATE,
  shelve,
  shelved,
  unknownId,
} from './stage.ts';
import type { Book } from './stage.ts';

const QUOTES = `Emma's "world"`;

rule('R6', async (t) => {
  const app = await openApp(t);
  const other = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const { path, book } = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const put = (json: unknown): Promise<Answer> => app.request('PUT', path, { json });
  let now = book;
  await step(t, 'all fields are new', async () => {
    const input = anyBook(t.random, { title: QUOTES, tags: [t.random.word()] });
    now = changed(now, input);
    mustAgree(await put(input), now);
    mustServe(await app.get(path), now);
  });
  await step(t, 'year and tags are left out', async () => {
    const input = plainBook(t.random);
    now = changed(now, input);
    mustAgree(await put(input), now);
    mustServe(await app.get(path), now);
  });
  await step(t, 'the other book is as it was', async () => mustServe(await app.get(other.path), other.book));
  await refuseEach(
    t,
    [
      ['title is missing', { ...anyBook(t.random), title: undefined }],
      ['isbn is missing', { ...anyBook(t.random), isbn: undefined }],
      ['author is a number', { ...anyBook(t.random), author: 7 }],
      ['author is null', { ...anyBook(t.random), author: null }],
      ['author is empty', { ...anyBook(t.random), author: '' }],
      ['title has 201 characters', { ...anyBook(t.random), title: 'T'.repeat(201) }],
      ['isbn has 21 characters', { ...anyBook(t.random), isbn: '9'.repeat(21) }],
      ['year is a string', { ...anyBook(t.random), year: '1815' }],
      ['a tag is a number', { ...anyBook(t.random), tags: ['novel', 7] }],
      ['a list', [anyBook(t.random)]],
      ['null', null],
    ],
    put,
  );
  await step(t, 'an empty body', async () => {
    const headers = { 'Content-Type': 'application/json' };
    (await app.request('PUT', path, { headers, body: '' })).mustRefuse();
  });
  await step(t, 'another media type', async () => {
    for (const type of ['text/plain', MERGE_PATCH]) {
      const body = JSON.stringify(anyBook(t.random));
      mustNotSucceed(await app.request('PUT', path, { headers: { 'Content-Type': type }, body }));
    }
  });
  await step(t, 'after the refusals nothing has changed', async () => mustServe(await app.get(path), now));
  await step(t, 'an id that no book has', async () => {
    const { id, exact } = unknownId(t.random, book.id);
    mustFindNone(await app.request('PUT', pathOf(id), { json: anyBook(t.random) }), exact);
  });
  await step(t, 'after all of that it still works', async () => {
    const input = anyBook(t.random);
    now = changed(now, input);
    mustAgree(await put(input), now);
    mustServe(await app.get(path), now);
  });
});

rule('R7', async (t) => {
  const app = await openApp(t);
  const other = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const { path, book } = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const patch = (json: unknown): Promise<Answer> =>
    app.request('PATCH', path, { json, headers: { 'Content-Type': MERGE_PATCH } });
  let now = book;
  const change = async (patched: Partial<Book>, answer: Answer): Promise<void> => {
    now = { ...now, ...patched };
    mustAgree(answer, now);
    mustServe(await app.get(path), now);
  };
  await step(t, 'one field', async () => {
    const title = `${QUOTES} ${t.random.word()}`;
    await change({ title }, await patch({ title }));
  });
  await step(t, 'one field, sent as application/json', async () => {
    const author = t.random.word();
    await change({ author }, await app.request('PATCH', path, { json: { author } }));
  });
  await step(t, 'one field, and a media type with a parameter', async () => {
    const title = t.random.word();
    const headers = { 'Content-Type': 'application/Merge-Patch+json; charset=utf-8' };
    await change({ title }, await app.request('PATCH', path, { headers, body: JSON.stringify({ title }) }));
  });
  await step(t, 'the isbn it has', async () => change({}, await patch({ isbn: now.isbn })));
  await step(t, 'a list is replaced as a whole', async () => {
    const tags = [t.random.word()];
    await change({ tags }, await patch({ tags }));
  });
  await step(t, 'the year 0', async () => change({ year: 0 }, await patch({ year: 0 })));
  await step(t, 'an empty patch', async () => change({}, await patch({})));
  await step(t, 'null removes the year', async () => change({ year: null }, await patch({ year: null })));
  await step(t, 'null removes the tags', async () => change({ tags: [] }, await patch({ tags: null })));
  await step(t, 'several fields', async () => {
    const { isbn, year = 1, tags = [] } = anyBook(t.random);
    await change({ isbn, year, tags }, await patch({ isbn, year, tags }));
  });
  await step(t, 'the other book is as it was', async () => mustServe(await app.get(other.path), other.book));
  await refuseEach(
    t,
    [
      ['title is null', { title: null }],
      ['author is null', { author: null }],
      ['isbn is null', { isbn: null }],
      ['isbn is a number', { isbn: 7 }],
      ['title is empty', { title: '' }],
      ['title has 201 characters', { title: 'T'.repeat(201) }],
      ['isbn has 21 characters', { isbn: '9'.repeat(21) }],
      ['year is not whole', { year: 1815.5 }],
      ['tags is a string', { tags: 'novel' }],
      ['a tag is a number', { tags: ['novel', 7] }],
      ['null', null],
      ['a good field and a bad one', { title: t.random.word(), year: '1815' }],
      ['a list', [{ title: t.random.word() }]],
    ],
    patch,
  );
  await step(t, 'another media type', async () => {
    for (const type of ['text/plain', 'application/json-patch+json']) {
      const body = JSON.stringify({ title: t.random.word() });
      mustNotSucceed(await app.request('PATCH', path, { headers: { 'Content-Type': type }, body }));
    }
  });
  await step(t, 'after the refusals nothing has changed', async () => mustServe(await app.get(path), now));
  await step(t, 'an id that no book has', async () => {
    const { id, exact } = unknownId(t.random, book.id);
    const headers = { 'Content-Type': MERGE_PATCH };
    mustFindNone(
      await app.request('PATCH', pathOf(id), { json: { title: t.random.word() }, headers }),
      exact,
    );
  });
  await step(t, 'after all of that it still works', async () => {
    const title = t.random.word();
    await change({ title }, await patch({ title }));
  });
});

rule('R8', async (t) => {
  const app = await openApp(t);
  const other = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const { path, book } = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  await step(t, 'both are listed', () => mustList(app, [other.book, book]));
  const first = await step(t, 'the book is deleted', async () => {
    const answer = await app.request('DELETE', path);
    answer.must('status 204 (or 200)', () => answer.status === 204 || answer.status === 200);
    return answer.status;
  });
  await step(t, 'it cannot be read any more', async () => (await app.get(path)).mustBe(404));
  await step(t, 'it is not listed any more', () => mustList(app, [other.book]));
  await step(t, 'it cannot be changed any more', async () => {
    (await app.request('PATCH', path, { json: { title: t.random.word() } })).mustRefuse();
    await app.request('PUT', path, { json: anyBook(t.random) });
    (await app.get(path)).mustBe(404);
  });
  await step(t, 'it is deleted again', async () => {
    const answer = await app.request('DELETE', path);
    answer.must(`status 404 (or ${first})`, () => answer.status === 404 || answer.status === first);
  });
  await step(t, 'the other book is as it was', async () => mustServe(await app.get(other.path), other.book));
});

rule('R9', async (t) => {
  const app = await openApp(t);
  const { path, book } = await step(t, 'a book is created', () => shelve(app, anyBook(t.random)));
  const { id } = unknownId(t.random, book.id);
  const forbidden: [what: string, extra: object][] = [
    ['id', { id }],
    ['createdAt', { createdAt: SENT_DATE }],
    ['deleted', { deleted: true }],
  ];
  for (const [what, extra] of forbidden) {
    await step(t, `POST with ${what}`, async () => {
      const input = anyBook(t.random);
      const answer = await app.post('/books', { json: { ...input, ...extra } });
      if (isRejected(answer)) return;
      mustTakeNothing(answer, what, id);
      const one = await shelved(app, answer, input);
      mustTakeNothing(await app.get(one.path), what, id);
    });
  }
  let now = book;
  const send = async (method: 'PUT' | 'PATCH', extra: object | null): Promise<void> => {
    // PATCH names all fields too: what it does with the others is the matter of R7.
    const input = anyBook(t.random);
    const answer = await app.request(method, path, { json: { ...input, ...extra } });
    if (extra === null || !isRejected(answer)) {
      now = changed(now, input);
      mustAgree(answer, now);
    }
    mustServe(await app.get(path), now);
  };
  for (const method of ['PUT', 'PATCH'] as const) {
    await step(t, `${method} without them works`, () => send(method, null));
    for (const [what, extra] of forbidden) await step(t, `${method} with ${what}`, () => send(method, extra));
  }
  for (const [what, extra] of [...forbidden, ['createdAt that is null', { createdAt: null }]] as const) {
    await step(t, `PATCH with ${what} alone`, async () => {
      const answer = await app.request('PATCH', path, { json: extra });
      if (!isRejected(answer)) mustAgree(answer, now);
      mustServe(await app.get(path), now);
    });
  }
  await step(t, 'no book has the id that was sent', async () => {
    const answer = await app.get(pathOf(id));
    answer.must('no book at this address', () => bookOf(answer.json) === null);
  });
});

/** Which status it gets is the matter of R4 and R11. */
function mustNotSucceed(answer: Answer): void {
  answer.must('a refusal', ({ status }) => status >= 400);
}
