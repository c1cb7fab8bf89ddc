// canary 34a882abcbbf0e7afc4ea3f8
import { quote, rule, step } from '#suite';
import { anyTags, fullEvent, mustFault, mustStore, nothingReached, openDesk, plainEvent } from './stage.ts';
import { right, tryEach, wrong, wrongText } from './table.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

rule('R6', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  const word = random.word(7);
  const titled = [
    ['a title of 1 character', 'x'],
    ['a title of 50 characters', word.repeat(8).slice(0, 50)],
    ['a title of 50 emoji', '🎉'.repeat(50)],
    ['a title of 25 letters with accents of their own', 'e\u0301'.repeat(25)],
    ['spaces inside', `${word}  ${word}`],
  ] as const;
  await tryEach(
    desk,
    titled.map(([what, title]) => right(what, plainEvent(random, { title }))),
  );
  await step(t, 'a title of 50 characters and spaces around them', () => {
    const parsed = plainEvent(random, { title: word.repeat(8).slice(0, 50) });
    return mustStore(desk, { ...parsed, title: ` \t${parsed.title}\r\n ` }, parsed);
  });
  await step(t, 'a title among 99,000 spaces, in a body of 100,000 bytes', () => {
    const parsed = plainEvent(random);
    const space = ' '.repeat(100_000 - JSON.stringify(parsed).length);
    const half = space.length / 2;
    return mustStore(
      desk,
      { ...parsed, title: `${space.slice(0, half)}${parsed.title}${space.slice(half)}` },
      parsed,
    );
  });
  await step(t, 'spaces around the texts', async () => {
    const parsed = fullEvent(random);
    const loose = (text: string): string => `${random.pick([' ', '\t', '\n'])}${text}  `;
    await mustStore(
      desk,
      {
        ...parsed,
        title: loose(parsed.title),
        contact: { email: loose(parsed.contact.email) },
        tags: parsed.tags?.map(loose),
        website: loose(parsed.website ?? ''),
      },
      parsed,
    );
  });
  await step(t, 'an accessCode of 8 and one of 64 characters', async () => {
    await mustStore(desk, plainEvent(random, { accessCode: random.word(8) }));
    await mustStore(desk, plainEvent(random, { accessCode: random.word(64) }));
  });
  await step(t, 'an accessCode of 64 emoji', () => {
    return mustStore(desk, plainEvent(random, { accessCode: '🎉'.repeat(64) }));
  });
  const titles: [what: string, title: string][] = [
    ['an empty title', ''],
    ['a title of spaces', '     '],
    ['a title of tabs and line breaks', '\t\r\n'],
    ['a title of 51 characters', word.repeat(8).slice(0, 51)],
    ['a title of 51 emoji', '🎉'.repeat(51)],
    ['a title of 26 letters with accents of their own', 'e\u0301'.repeat(26)],
  ];
  await tryEach(desk, [
    ...titles.map(([what, title]) => wrong(what, plainEvent(random, { title }), ['/title', 'length'])),
    wrong('an accessCode of 7 characters', plainEvent(random, { accessCode: random.word(7) }), [
      '/accessCode',
      'length',
    ]),
    wrong('an accessCode of 65 characters', plainEvent(random, { accessCode: random.word(65) }), [
      '/accessCode',
      'length',
    ]),
    wrong('an accessCode of 7 emoji', plainEvent(random, { accessCode: '🎉'.repeat(7) }), [
      '/accessCode',
      'length',
    ]),
    wrong('an empty website', plainEvent(random, { website: '  ' }), ['/website', 'length']),
    wrong(
      'a website of 201 characters',
      plainEvent(random, { website: `https://example.com/${'a'.repeat(181)}` }),
      ['/website', 'length'],
    ),
    wrong(
      'a website of 201 characters with another scheme',
      plainEvent(random, { website: `ftp://example.com/${'a'.repeat(183)}` }),
      ['/website', 'length'],
    ),
  ]);
  await step(t, 'a website of 200 characters', () => {
    return mustStore(desk, plainEvent(random, { website: `https://example.com/${'a'.repeat(180)}` }));
  });
  await nothingReached(desk);
});

rule('R7', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  await tryEach(
    desk,
    [0, 1, 100_000, random.integer(2, 99_999)].map((capacity) =>
      right(
        capacity > 1 && capacity < 100_000 ? 'a number in between' : `${capacity}`,
        plainEvent(random, { capacity }),
      ),
    ),
  );
  const seating = (number: string): string =>
    JSON.stringify({ ...plainEvent(random), capacity: 'N' }).replace('"N"', number);
  for (const [text, capacity] of [
    ['5.0', 5],
    ['1e2', 100],
  ] as const) {
    await step(t, `${text} is whole`, async () => {
      const answer = await desk.app.post('/events', { headers: JSON_TYPE, body: seating(text) });
      desk.known++;
      answer.mustHaveJson(201, { capacity });
    });
  }
  const numbers = [
    '-1',
    '100001',
    '1.5',
    '0.1',
    '-0.5',
    '9007199254740993',
    '12345678901234567890',
    '1e400',
    '-1e400',
  ];
  await tryEach(
    desk,
    numbers.map((text) => wrongText(text, seating(text), ['/capacity', 'range'])),
  );
  await nothingReached(desk);
});

rule('R8', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  const spans = [
    ['29 February of a leap year', '2024-02-29T10:00:00Z', '2024-02-29T10:00:01Z'],
    ['29 February 2000', '2000-02-29T00:00:00Z', '2000-03-01T00:00:00Z'],
    ['a fraction', '2026-05-01T18:30:00.250Z', '2026-05-01T18:30:00.251Z'],
    ['fractions of one digit and of two', '2026-05-01T18:30:00.25Z', '2026-05-01T18:30:00.5Z'],
    ['an offset of 14 hours', '2026-05-01T18:30:00+14:00', '2026-05-01T18:30:00+13:00'],
    ['the last second of a year', '2026-12-31T23:59:59-08:00', '2027-01-01T14:00:00+05:45'],
    ['an offset of 23 hours and 59 minutes', '2026-05-02T17:30:00+23:59', '2026-04-30T19:00:00-23:59'],
    ['the year 1066', '1066-10-14T09:00:00Z', '1066-10-14T18:00:00Z'],
    ['the year 9999', '9999-12-31T23:59:58Z', '9999-12-31T23:59:59Z'],
    ['an end that is earlier on the clock on the wall', '2026-05-01T18:30:00+02:00', '2026-05-01T17:00:00Z'],
    ['an end that is on the day before', '2026-05-02T00:30:00+10:00', '2026-05-01T23:45:00+01:00'],
  ] as const;
  await tryEach(
    desk,
    spans.map(([what, start, end]) => right(what, plainEvent(random, { start, end }))),
  );
  const spoilt = [
    '2025-02-30T10:00:00Z',
    '2025-02-29T10:00:00Z',
    '1900-02-29T10:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-13-01T10:00:00Z',
    '2026-00-10T10:00:00Z',
    '2026-05-00T10:00:00Z',
    '2026-05-32T10:00:00Z',
    '2026-05-01T24:00:00Z',
    '2026-05-01T25:00:00Z',
    '2026-05-01T10:60:00Z',
    '2026-05-01T10:00:61Z',
    '2026-05-01T10:00:00+24:00',
    '2026-05-01T10:00:00+02:60',
    '2026-05-01T10:00:00',
    '2026-05-01T10:00:00+0200',
    '2026-05-01T10:00:00+02',
    '2026-05-01',
    '2026-05-01 10:00:00Z',
    '2026-05-01T10:00:00.Z',
    '2026-05-01T10:00:00,5Z',
    '+002026-05-01T10:00:00Z',
    '2026-05-01T10:00:00Z!',
    'at 2026-05-01T10:00:00Z',
    '2026-5-1T10:00:00Z',
    '20260501T100000Z',
    '2026/05/01 10:00',
    'Fri, 01 May 2026 10:00:00 GMT',
    '1777629600000',
    'tomorrow',
    '',
  ];
  await tryEach(
    desk,
    spoilt.map((text) => {
      const [name, other] = random.pick([
        ['start', { end: '2999-01-01T00:00:00Z' }],
        ['end', { start: '1800-01-01T00:00:00Z' }],
      ] as const);
      const json = plainEvent(random, { ...other, [name]: text });
      return wrong(text === '' ? 'an empty text' : text, json, [`/${name}`, 'format']);
    }),
  );
  const turned = [
    ['an end before the start', '2026-05-01T18:30:00Z', '2026-05-01T18:29:59Z'],
    ['an end that is the start', '2026-05-01T18:30:00Z', '2026-05-01T18:30:00Z'],
    ['an end that is the start elsewhere', '2026-05-01T18:30:00Z', '2026-05-01T20:30:00+02:00'],
    ['an end that is later on the clock on the wall', '2026-05-01T18:30:00Z', '2026-05-01T19:00:00+02:00'],
    ...Array.from({ length: 5 }, () => {
      const { start, end } = plainEvent(random);
      return ['any two dates in the wrong order', end, start] as const;
    }),
  ] as const;
  await tryEach(
    desk,
    turned.map(([what, start, end]) => wrong(what, plainEvent(random, { start, end }), ['/end', 'order'])),
  );
  await nothingReached(desk);
});

rule('R9', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  const name = random.word();
  const websites = [
    'http://example.com',
    'https://www.example.com/',
    `https://${name}.example.com:8443/a/b.html?x=1&y=%20`,
    'https://example.com/?next=javascript:alert(1)',
    'https://example.com?x=1',
    'http://Example.ORG:80?x=1',
    'https://3-d.a.b.c.example.photography:65535/~ada/@me/a,b;c=1+2/',
  ];
  await tryEach(
    desk,
    websites.map((website) => right(website.replace(name, 'any'), plainEvent(random, { website }))),
  );
  const others = [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'java\nscript:alert(1)',
    'javascript://example.com/%0aalert(1)',
    'javascript:alert("https://example.com")',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:msgbox(1)',
    'file:///etc/passwd',
    'ftp://example.com/',
    'mailto:ada@example.com',
    'httpx://example.com',
    'xhttps://example.com',
    'www.example.com',
    '//example.com/',
    '/events',
    'javascript:alert(1)//\nhttps://example.com/',
    'https://',
    'https://?x=1',
    'http://:8080/',
    'https://exa mple.com/',
    'a web site',
  ].map((website) => [quote(website), website] as const);
  await tryEach(
    desk,
    [...others, ['javascript: after a space', ' javascript:alert(1)'] as const].map(([what, website]) =>
      wrong(what, plainEvent(random, { website }), ['/website', 'format']),
    ),
  );
  await nothingReached(desk);
});

rule('R13', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  const tagged = (tags: unknown): object => plainEvent(random, { tags });
  const lists: [what: string, tags: string[]][] = [
    ['no tags', []],
    ['ten tags', anyTags(random, 10)],
    ['a tag of 1 and one of 20 characters', ['a', random.word(20)]],
    ['digits and hyphens', ['2026', '-', 'a--b', '-x-']],
    ['tags in their order', ['c', 'a', 'b']],
  ];
  await tryEach(
    desk,
    lists.map(([what, tags]) => right(what, plainEvent(random, { tags }))),
  );
  await step(t, 'eleven tags', () => mustFault(desk, tagged(anyTags(random, 11)), ['/tags', 'length']));
  const bad: [what: string, tag: string][] = [
    ['an empty tag', ''],
    ['a tag of spaces', '  '],
    ['a tag of 21 characters', random.word(21)],
    ['a capital letter', 'Jazz'],
    ['a space inside', 'free jazz'],
    ['an underscore', 'free_jazz'],
    ['a letter with an accent', 'café'],
    ['a line break inside', 'jazz\nrock'],
    ['something behind a good tag', 'jazz!'],
    ['something before a good tag', '#jazz'],
  ];
  await tryEach(
    desk,
    bad.map(([what, tag]) => {
      const tags: unknown[] = anyTags(random, 4);
      const index = random.integer(0, 3);
      tags[index] = tag;
      return wrong(what, tagged(tags), [`/tags/${index}`, 'format']);
    }),
  );
  await step(t, 'a tag twice', async () => {
    const [a, b, c] = anyTags(random, 3);
    await mustFault(desk, tagged([a, b, a, c]), ['/tags/2', 'duplicate']);
  });
  const pairs = [0, 1, 2, 3].flatMap((first) =>
    [1, 2, 3].filter((second) => second > first).map((second) => [first, second] as const),
  );
  await tryEach(
    desk,
    pairs.map(([first, second]) => {
      const tags = anyTags(random, 4);
      tags[second] = tags[first] as string;
      const what = `a tag twice, at ${first} and ${second}`;
      return wrong(what, tagged(tags), [`/tags/${second}`, 'duplicate']);
    }),
  );
  await step(t, 'a tag twice, with spaces around one of them', () => {
    const [a, b] = anyTags(random, 2);
    return mustFault(desk, tagged([a, b, ` ${a}\t`]), ['/tags/2', 'duplicate']);
  });
  await step(t, 'ten thousand tags', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => `x${index}`);
    await mustFault(desk, tagged(many), ['/tags', 'length']);
  });
  await nothingReached(desk);
});

rule('R14', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  const word = random.word();
  const withEmail = (email: unknown): object => plainEvent(random, { contact: { email } });
  const long = `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(3)}`;
  const addresses = [
    'ada@example.com',
    'ada.lovelace+events@mail.example.co.uk',
    'A1_b-2@Example.ORG',
    '7@x-1.example',
    'a--b__c@x--y.example.com',
    `${long}${'c'.repeat(254 - long.length)}`,
  ];
  await tryEach(
    desk,
    addresses.map((email) =>
      right(
        email.length > 60 ? 'an address of 254 characters' : email,
        plainEvent(random, { contact: { email } }),
      ),
    ),
  );
  const none = [
    ['a word', word],
    ['nothing behind the @', `${word}@`],
    ['nothing before the @', '@example.com'],
    ['an @ alone', '@'],
    ['two @ in a row', `${word}@@example.com`],
    ['two addresses in one', `${word}@a@example.com`],
    ['a space before the @', 'ada lovelace@example.com'],
    ['a space behind the @', 'ada@exam ple.com'],
    ['a tab inside', 'ada\t@example.com'],
    ['a line break and a header', 'ada@example.com\nBcc: all@example.com'],
    ['two addresses', 'ada@example.com bob@example.com'],
  ] as const;
  const sized = [
    ['an empty text', ''],
    ['a text of 255 characters that is no address', 'a'.repeat(255)],
    ['an address of 255 characters', `${long}${'c'.repeat(255 - long.length)}`],
  ] as const;
  await tryEach(desk, [
    ...none.map(([what, email]) => wrong(what, withEmail(email), ['/contact/email', 'format'])),
    ...sized.map(([what, email]) => wrong(what, withEmail(email), ['/contact/email', 'length'])),
  ]);
  await nothingReached(desk);
});
