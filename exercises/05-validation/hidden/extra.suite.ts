// canary d0775262f7f17dac2b5fc925
import { rule, step, Unmet } from '#suite';
import type { Answer } from '#suite';
import { anyMix, faultsBesideOrder, pairsOfTags, parametersBesideOrder } from './mix.ts';
import {
  anySecret,
  fullEvent,
  mustBeProblem,
  mustFault,
  mustFaultQuery,
  mustHaveStored,
  mustList,
  mustStore,
  mustTell,
  nothingReached,
  openDesk,
  plainEvent,
  playRepo,
} from './stage.ts';
import type { Fault } from './stage.ts';
import { right, surviveEach, tryEach, wrong, wrongQuery, wrongText } from './table.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

rule('R12', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  const evil = {
    website: 'https://evil.example.com/',
    tags: ['evil'],
    accessCode: 'evil-evil-evil',
    limit: 1,
    tag: 'evil',
  };
  const unharmed = async (): Promise<void> => {
    await mustStore(desk, plainEvent(random));
    await mustList(desk, '');
  };
  await step(t, 'a right event and a plain list', unharmed);
  // Text, because a literal with __proto__ would set the prototype here.
  const post = (json: object, name: string, value: unknown): Promise<Answer> => {
    const body = JSON.stringify({ ...json, NAME: value }).replace('"NAME"', JSON.stringify(name));
    return desk.app.post('/events', { headers: JSON_TYPE, body });
  };
  await step(t, 'a title that only __proto__ has', async () => {
    const { title, ...rest } = plainEvent(random);
    mustTell(
      desk,
      await post(rest, '__proto__', { title }),
      [['/title', 'required']],
      [['/__proto__', 'unknown']],
    );
  });
  await step(t, 'an email that only __proto__ has', async () => {
    const { contact, ...rest } = plainEvent(random);
    const body = JSON.stringify({ ...rest, contact: { NAME: contact } }).replace('"NAME"', '"__proto__"');
    const answer = await desk.app.post('/events', { headers: JSON_TYPE, body });
    mustTell(desk, answer, [['/contact/email', 'required']], [['/contact/__proto__', 'unknown']]);
  });
  await step(t, 'members that only __proto__ has', async () => {
    const plain = plainEvent(random);
    const before = desk.add.calls.length;
    const answer = await post(plain, '__proto__', evil);
    if (answer.status !== 201) {
      mustTell(desk, answer, [['/__proto__', 'unknown']]);
      return;
    }
    desk.known++;
    mustHaveNone(answer, desk.add.calls[before]?.[0], Object.keys(evil));
  });
  await step(t, 'after it all is as before', unharmed);
  await tryEach(desk, [
    wrong('constructor', plainEvent(random, { constructor: { prototype: evil } }), [
      '/constructor',
      'unknown',
    ]),
    wrong('prototype', plainEvent(random, { prototype: evil }), ['/prototype', 'unknown']),
    wrong('toString', plainEvent(random, { toString: 1 }), ['/toString', 'unknown']),
    wrong('valueOf', plainEvent(random, { valueOf: null }), ['/valueOf', 'unknown']),
    wrong('hasOwnProperty', plainEvent(random, { hasOwnProperty: 1 }), ['/hasOwnProperty', 'unknown']),
    wrong(
      'constructor in contact',
      plainEvent(random, { contact: { ...plainEvent(random).contact, constructor: { prototype: evil } } }),
      ['/contact/constructor', 'unknown'],
    ),
  ]);
  await step(t, 'after them all is as before', unharmed);
  await step(t, 'a tag such as constructor is a tag', () => {
    return mustStore(desk, plainEvent(random, { tags: ['constructor', 'prototype', 'map', 'length'] }));
  });
  for (const query of [
    '__proto__=1',
    '__proto__[limit]=1&__proto__[tag]=evil',
    '__proto__.limit=1',
    'constructor=1',
    'constructor[prototype][limit]=1',
    'toString=1&valueOf=1',
    'hasOwnProperty=1',
  ]) {
    await step(t, `?${query}`, async () => {
      const before = desk.list.calls.length;
      const answer = await desk.app.get(`/events?${query}`);
      answer.must(
        '422, or 200 and a list as without it',
        () => answer.status === 422 || answer.status === 200,
      );
      if (answer.status === 200) {
        desk.known++;
        mustAskPlainly(answer, desk.list.calls.slice(before));
      }
      await mustList(desk, '');
    });
  }
  await step(t, 'after these queries all is as before', unharmed);
  await nothingReached(desk);
});

rule('R15', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  const titles = [
    '<script>alert("x")</script>',
    'Söhne & "Töchter" <live>',
    `Rock 'n' Roll`,
    '&amp; &lt;b&gt;',
    `'; DROP TABLE events;--`,
    '100% $& $1 \\n ${7*7} {{x}}',
    '漢字 👩‍👩‍👧 e\u0301 é',
  ];
  await tryEach(
    desk,
    titles.map((title) => right(title, fullEvent(random, { title }))),
  );
  await step(t, 'a website with & and quotes', () => {
    return mustStore(desk, plainEvent(random, { website: `https://example.com/?a=1&b='2'&amp;c=%3Cb%3E` }));
  });
  await step(t, 'a body that comes in pieces, cut in the middle of a character', async () => {
    const event = plainEvent(random, { title: `${random.word(4)} 漢字 🎉 é` });
    const body = Buffer.from(JSON.stringify(event));
    const connection = await desk.app.connect();
    await connection.write(
      'POST /events HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n' +
        `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
    );
    const before = desk.add.calls.length;
    let from = 0;
    for (const character of ['漢', '🎉', 'é']) {
      const to = body.indexOf(character) + 1;
      await connection.write(body.subarray(from, to));
      await t.settle(); // the program reads this piece before the next one leaves
      from = to;
    }
    await connection.write(body.subarray(from));
    const answer = await desk.app.read(connection);
    connection.close();
    await mustHaveStored(desk, answer, before, event);
  });
});

rule('R16', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  await step(t, 'ordinary events', () => mustStore(desk, fullEvent(random)));
  const email = (text: string): object => plainEvent(random, { contact: { email: text } });
  const website = (rest: string): object => plainEvent(random, { website: `https://example.com${rest}` });
  const cases: [what: string, json: object][] = [
    ['an email of 250 letters and no @', email('a'.repeat(250))],
    ['an email of 250 letters, and spaces', email(`${'a'.repeat(240)} b c`)],
    ['an email with a label of 240 letters and a space', email(`a@${'a'.repeat(240)} a`)],
    ['an email with a label of 120 hyphens and a space', email(`a@${'a-'.repeat(120)} a`)],
    ['an email with 90,000 spaces inside', email(`a${' '.repeat(90_000)}b`)],
    ['an email of 120 labels and a space', email(`a@${'a.'.repeat(120)}a a`)],
    ['an email of 120 parts and no @', email(`${'a.'.repeat(120)}a`)],
    ['an email of 240 hyphens and no @', email(`a${'-'.repeat(240)}`)],
    ['an email of 240 digits and no @', email('1'.repeat(240))],
    ['an email of 240 plus signs and no @', email(`a${'+'.repeat(240)}`)],
    ['an email with a label of 240 digits and a space', email(`a@${'1'.repeat(240)} a`)],
    ['an email with a last label of 230 letters and a space', email(`a@example.${'a'.repeat(230)} a`)],
    ['an email of 90,000 letters', email('a'.repeat(90_000))],
    ['an email of 90,000 @ and letters', email('a@'.repeat(45_000))],
    ['a title with 90,000 spaces inside', plainEvent(random, { title: `a${' '.repeat(90_000)}b` })],
    [
      'a title with 40,000 tabs and line breaks inside',
      plainEvent(random, { title: `a${'\t\n'.repeat(20_000)}b` }),
    ],
    // Not too long, and right: patterns that only ask what a text is made of meet these whole.
    ['a title of 49 letters and a sign', plainEvent(random, { title: `${'a'.repeat(49)}!` })],
    ['a title of 24 letters, spaces and a sign', plainEvent(random, { title: `${'a '.repeat(24)}!` })],
    ['a title of 49 digits and a sign', plainEvent(random, { title: `${'1'.repeat(49)}!` })],
    ['an accessCode of 63 letters and a sign', plainEvent(random, { accessCode: `${'a'.repeat(63)}!` })],
    ['an accessCode of 63 digits and a sign', plainEvent(random, { accessCode: `${'1'.repeat(63)}!` })],
    ['a tag of 90,000 letters', plainEvent(random, { tags: [`${'a'.repeat(90_000)}!`] })],
    ['a tag with 90,000 spaces inside', plainEvent(random, { tags: [`a${' '.repeat(90_000)}b`] })],
    ['a tag of 90,000 hyphens', plainEvent(random, { tags: [`${'a-'.repeat(45_000)}!`] })],
    ['a website of 90 labels and a space', plainEvent(random, { website: `https://${'a.'.repeat(90)}a a/` })],
    ['a website of 180 letters and a space', plainEvent(random, { website: `https://${'a'.repeat(180)} a` })],
    ['a website with a port of 160 digits', website(`:${'1'.repeat(160)}x`)],
    ['a website with 160 slashes and a space', website(`${'/'.repeat(160)} a`)],
    ['a website with a query of 160 letters and a space', website(`/?${'a'.repeat(160)} a`)],
    ['a website with a query of 40 pairs and a space', website(`/?${'a=1&'.repeat(40)} a`)],
    ['a website with 90,000 spaces inside', website(`/${' '.repeat(90_000)}a`)],
    ['a website of 90,000 letters', plainEvent(random, { website: `https://${'a'.repeat(90_000)}` })],
    ['a date of 90,000 digits', plainEvent(random, { start: `2026-05-01T10:00:00.${'0'.repeat(90_000)}x` })],
  ];
  const queries = [
    ['a limit of 8,000 digits and a letter', `limit=${'1'.repeat(8000)}x`],
    ['a tag of 8,000 letters in a query', `tag=${'a'.repeat(8000)}!`],
    ['a date of 8,000 digits in a query', `from=2026-05-01T10:00:00.${'0'.repeat(8000)}x`],
  ] as const;
  const texts = [
    ...cases.map(([what, json]) => ({ what, ask: () => desk.app.post('/events', { json }) })),
    ...queries.map(([what, query]) => ({ what, ask: () => desk.app.get(`/events?${query}`) })),
  ];
  await surviveEach(desk, texts);
  await step(t, 'a long website that is right', () => {
    const website = `https://example.com/${'a'.repeat(150)}!`;
    return mustStore(desk, plainEvent(random, { website }));
  });
  await step(t, 'ordinary events as before', () => mustStore(desk, fullEvent(random)));
});

rule('R17', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  const names = [
    ['a/b', '/a~1b'],
    ['m~n', '/m~0n'],
    ['~1', '/~01'],
    ['/~/', '/~1~0~1'],
    ['', '/'],
    ['a b', '/a b'],
    ['c%d', '/c%d'],
    ['Straße 🎉', '/Straße 🎉'],
    ['a.b[0]', '/a.b[0]'],
    ['"', '/"'],
  ] as const;
  await tryEach(
    desk,
    names.map(([name, pointer]) =>
      wrong(`a member named ${JSON.stringify(name)}`, plainEvent(random, { [name]: 1 }), [
        pointer,
        'unknown',
      ]),
    ),
  );
  await step(t, 'the same in contact', () => {
    const { contact } = plainEvent(random);
    const json = plainEvent(random, { contact: { ...contact, 'a/~b': 1 } });
    return mustFault(desk, json, ['/contact/a~1~0b', 'unknown']);
  });
  const queries = [
    ['a%2Fb=1', '/a~1b'],
    ['m~n=1', '/m~0n'],
    ['tag[0]=a', '/tag[0]'],
    ['tag.x=a', '/tag.x'],
  ] as const;
  await tryEach(
    desk,
    queries.map(([query, pointer]) => wrongQuery(`?${query}`, query, [pointer, 'unknown'])),
  );
  await nothingReached(desk);
});

rule('R18', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  await step(t, 'an end before the start, beside other faults', () => {
    const { start, end } = plainEvent(random);
    const json = plainEvent(random, { start: end, end: start, capacity: '5', extra: 1, title: ' ' });
    const faults: Fault[] = [
      ['/capacity', 'type'],
      ['/extra', 'unknown'],
      ['/title', 'length'],
    ];
    return mustFault(desk, json, ['/end', 'order'], ...faults);
  });
  await step(t, 'an end that has no start to follow', () => {
    const { start, end } = plainEvent(random);
    return mustFault(
      desk,
      plainEvent(random, { start: 'soon', end: start, capacity: -1, x: end }),
      ['/start', 'format'],
      ['/capacity', 'range'],
      ['/x', 'unknown'],
    );
  });
  await step(t, 'a tag twice, beside a tag that is none', () => {
    const json = plainEvent(random, { tags: ['a', 'B', 'a', 7, 'B'] });
    return mustFault(
      desk,
      json,
      ['/tags/1', 'format'],
      ['/tags/2', 'duplicate'],
      ['/tags/3', 'type'],
      ['/tags/4', 'format'],
    );
  });
  await tryEach(
    desk,
    pairsOfTags(random).map(({ what, tags, faults }) => wrong(what, plainEvent(random, { tags }), ...faults)),
  );
  await step(t, 'a tag three times', () => {
    return mustFault(
      desk,
      plainEvent(random, { tags: ['a', 'a', 'a'] }),
      ['/tags/1', 'duplicate'],
      ['/tags/2', 'duplicate'],
    );
  });
  await step(t, 'several parameters', async () => {
    const answer = await desk.app.get('/events?limit=abc&tag=A!&from=x&page=2');
    const faults: Fault[] = [
      ['/limit', 'format'],
      ['/tag', 'format'],
      ['/from', 'format'],
    ];
    mustTell(desk, answer, [...faults, ['/page', 'unknown']]);
  });
  await step(t, 'to before from, beside other faults', async () => {
    const answer = await desk.app.get('/events?from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z&limit=x');
    mustTell(desk, answer, [
      ['/to', 'order'],
      ['/limit', 'format'],
    ]);
  });
  await step(t, 'a parameter that nobody knows, twice', () => {
    return mustFaultQuery(desk, '?page=2&page=3&limit=0', ['/page', 'unknown'], ['/limit', 'range']);
  });
  await step(t, 'a to behind which of two', () => {
    const query = '?from=2026-05-02T00:00:00Z&from=2026-05-03T00:00:00Z&to=2026-05-01T00:00:00Z';
    return mustFaultQuery(desk, query, ['/from', 'duplicate']);
  });
  // One fault a request: which of several hides the order would not be seen.
  const dates = 'from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z';
  await tryEach(desk, [
    ...faultsBesideOrder(random).map(({ what, body, fault }) =>
      wrongText(`an end before the start, beside ${what} alone`, body, ['/end', 'order'], fault),
    ),
    ...parametersBesideOrder.map(([query, fault]) =>
      wrongQuery(`to before from, beside ${query} alone`, `${dates}&${query}`, ['/to', 'order'], fault),
    ),
  ]);
  const mixes = Array.from({ length: 16 }, () => {
    const { json, faults, input } = anyMix(random, random.pick([0.03, 0.15, 0.4]));
    return faults.length === 0 ? right('any mix', json, input) : wrong('any mix', json, ...faults);
  });
  await tryEach(desk, mixes);
  await nothingReached(desk);
});

rule('R19', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  await step(t, 'a repository that works', () => mustStore(desk, plainEvent(random)));
  const accessCode = anySecret(random);
  const add = (): Promise<Answer> => desk.app.post('/events', { json: fullEvent(random, { accessCode }) });
  const list = (): Promise<Answer> => desk.app.get('/events');
  // As errors of HTTP clients look: what the repository heard from its own server is not what ours has to say.
  const fields = { status: 404, statusCode: 404, expose: true };
  for (const [what, name, ask, more] of [
    ['add fails', 'add', add, {}],
    ['list fails', 'list', list, {}],
    ['add fails, with an error that has a status', 'add', add, { fields }],
    ['list fails, with an error that has a status', 'list', list, { fields }],
  ] as const) {
    await step(t, what, async () => {
      const message = `${random.word()} at /var/lib/${random.word()}.db`;
      const code = `E_${random.word().toUpperCase()}`;
      desk[name].fails(message, { name: 'RepositoryError', code, ...more });
      const answer = await ask();
      desk.known = desk.add.calls.length + desk.list.calls.length;
      mustBeProblem(answer, 500);
      answer.must('an answer that says nothing of the error in the repository, nor the accessCode', () => {
        const parts = [message, code, 'RepositoryError', '    at ', accessCode];
        return !parts.some((part) => answer.text.includes(part));
      });
    });
  }
  await step(t, 'it works again', async () => {
    playRepo(t);
    await mustStore(desk, fullEvent(random));
    (await desk.app.get('/events')).mustBe(200);
  });
});

function mustHaveNone(answer: Answer, event: unknown, names: readonly string[]): void {
  const found = names.filter((name) => {
    const value = (event as Record<string, unknown>)[name] ?? null;
    return value !== null && !(name === 'tags' && Array.isArray(value) && value.length === 0);
  });
  if (found.length === 0) return;
  throw new Unmet({
    expected: 'an event with its own members alone',
    got: `it has ${found.join(', ')} of __proto__`,
    sent: answer.unmet('').sent,
    exchange: answer.exchange,
  });
}

function mustAskPlainly(answer: Answer, calls: readonly (readonly unknown[])[]): void {
  const { limit, tag, from, to } = (calls[0]?.[0] ?? {}) as Record<string, unknown>;
  if (calls.length === 1 && limit === 20 && [tag, from, to].every((value) => (value ?? null) === null))
    return;
  throw new Unmet({
    expected: 'repo.list called as without this parameter, or 422',
    got: `limit ${String(limit)}, tag ${String(tag)}`,
    sent: answer.unmet('').sent,
    exchange: answer.exchange,
  });
}
