// canary 05909997f0b6a6b44405a3a8
import { rule, step } from '#suite';
import type { Answer } from '#suite';
import {
  anyDate,
  anyTags,
  fullEvent,
  mustBeProblem,
  mustFault,
  mustFaultQuery,
  mustLeaveAlone,
  mustList,
  mustStore,
  mustStoreOnce,
  mustTell,
  nothingReached,
  openDesk,
  plainEvent,
  tells,
} from './stage.ts';
import type { Fault, Input } from './stage.ts';
import { right, tryEach, wrong, wrongQuery } from './table.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
const OTHERS = [null, true, false, 7, 0, '7', '', [], ['x'], {}, { a: 1 }] as const;

rule('R1', async (t) => {
  const desk = await openDesk(t);
  await step(t, 'an event with all members', () => mustStoreOnce(desk, fullEvent(t.random)));
  await step(t, 'an event without the optional members', () => mustStoreOnce(desk, plainEvent(t.random)));
  await step(t, 'the id that the repository gave', async () => {
    const answer = await mustStoreOnce(desk, fullEvent(t.random));
    answer.mustHaveJson(201, { id: desk.ids.at(-1) });
  });
  const any = Array.from({ length: 15 }, () => t.random.pick([fullEvent, plainEvent])(t.random));
  await tryEach(
    desk,
    any.map((event) => right('any right event', event)),
  );
  await nothingReached(desk);
});

rule('R2', async (t) => {
  const desk = await openDesk(t);
  const post = (type: string, body: string): Promise<Answer> =>
    desk.app.post('/events', { headers: { 'Content-Type': type }, body });
  const refuse = (answer: Answer, ...statuses: number[]): void => {
    mustBeProblem(answer, ...statuses);
    mustLeaveAlone(desk, answer);
  };
  await step(t, 'a media type with a parameter', async () => {
    const answer = await post('application/json; charset=utf-8', JSON.stringify(plainEvent(t.random)));
    answer.mustBe(201);
    desk.known++;
  });
  for (const text of [
    '{"title":',
    `{'title':'x'}`,
    '{"a":1}{"a":2}',
    '{"a":1,}',
    t.random.word(),
    '{"a":NaN}',
  ]) {
    await step(t, `no JSON: ${text.startsWith('{') ? text : 'a word'}`, async () => {
      refuse(await post('application/json', text), 400);
    });
  }
  for (const type of [
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/json-patch+json',
  ]) {
    await step(t, `a body of type ${type}`, async () => {
      refuse(await post(type, JSON.stringify(plainEvent(t.random))), 415);
    });
  }
  await step(t, 'no body', async () => {
    const answer = (await desk.app.post('/events')).mustRefuse();
    refuse(answer, answer.status);
  });
  await step(t, 'an empty body', async () => {
    const answer = (await desk.app.post('/events', { headers: JSON_TYPE, body: '' })).mustRefuse();
    refuse(answer, answer.status);
  });
  const scalars = ['7', '"text"', 'true', 'null'];
  for (const text of scalars) {
    await step(t, `JSON that is ${text}`, async () => {
      const answer = await post('application/json', text);
      refuse(answer, 400, 422);
      if (answer.status === 422) mustTell(desk, answer, [['', 'type']]);
    });
  }
  const cases: [what: string, json: unknown, fault: Fault][] = [
    ['JSON that is a list', [plainEvent(t.random)], ['', 'type']],
    ['an event without contact', without(plainEvent(t.random), 'contact'), ['/contact', 'required']],
    ['an event without title', without(fullEvent(t.random), 'title'), ['/title', 'required']],
    ['a title that is a number', plainEvent(t.random, { title: 7 }), ['/title', 'type']],
  ];
  for (const [what, json, fault] of cases) {
    await step(t, what, async () => refuse(await mustFault(desk, json, fault), 422));
  }
  await nothingReached(desk);
});

rule('R3', async (t) => {
  const desk = await openDesk(t);
  const required = ['/title', '/start', '/end', '/capacity', '/contact'];
  await step(t, 'an empty object', () => {
    return mustFault(desk, {}, ...required.map((pointer): Fault => [pointer, 'required']));
  });
  await step(t, 'a member of contact', () => {
    return mustFault(
      desk,
      plainEvent(t.random, { contact: {}, title: 7 }),
      ['/contact/email', 'required'],
      ['/title', 'type'],
    );
  });
  await step(t, 'an item of tags', () => {
    const [a, b] = anyTags(t.random, 2);
    return mustFault(
      desk,
      plainEvent(t.random, { tags: [a, b, 7, null] }),
      ['/tags/2', 'type'],
      ['/tags/3', 'type'],
    );
  });
  const mixes = Array.from({ length: 20 }, () => {
    const json: Record<string, unknown> = { ...fullEvent(t.random) };
    const faults: Fault[] = [];
    for (const name of t.random.shuffle(Object.keys(json)).slice(0, t.random.integer(2, 6))) {
      if (required.includes(`/${name}`) && t.random.next() < 0.5) {
        delete json[name];
        faults.push([`/${name}`, 'required']);
      } else {
        json[name] = null;
        faults.push([`/${name}`, 'type']);
      }
    }
    return wrong('any mix of members that are missing or of another type', json, ...faults);
  });
  await tryEach(desk, mixes);
  await nothingReached(desk);
});

rule('R4', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  await step(t, 'members of the right types', () => mustStore(desk, fullEvent(random)));
  const number = String(random.integer(1, 9999));
  await tryEach(desk, [
    wrong('a capacity that is a text', fullEvent(random, { capacity: number }), ['/capacity', 'type']),
    wrong('a capacity that is an empty text', fullEvent(random, { capacity: '' }), ['/capacity', 'type']),
    wrong('a capacity that is true', fullEvent(random, { capacity: true }), ['/capacity', 'type']),
    wrong('a capacity that is null', fullEvent(random, { capacity: null }), ['/capacity', 'type']),
    wrong('a capacity that is a list', fullEvent(random, { capacity: [7] }), ['/capacity', 'type']),
    wrong('a start that is a number', fullEvent(random, { start: t.now }), ['/start', 'type']),
    wrong('a website that is null', fullEvent(random, { website: null }), ['/website', 'type']),
    wrong('an accessCode that is null', fullEvent(random, { accessCode: null }), ['/accessCode', 'type']),
    wrong('tags that are null', fullEvent(random, { tags: null }), ['/tags', 'type']),
    wrong('tags that are a text', fullEvent(random, { tags: random.word() }), ['/tags', 'type']),
    wrong('tags that look like a list', fullEvent(random, { tags: { 0: 'a', length: 1 } }), [
      '/tags',
      'type',
    ]),
    wrong('a contact that is a text', fullEvent(random, { contact: 'a@example.com' }), ['/contact', 'type']),
    wrong('a contact that is a list', fullEvent(random, { contact: [] }), ['/contact', 'type']),
    wrong('a contact that is null', fullEvent(random, { contact: null }), ['/contact', 'type']),
    wrong('a tag that is a number', fullEvent(random, { tags: ['a', 7] }), ['/tags/1', 'type']),
    wrong('a tag that is a list', fullEvent(random, { tags: [['a']] }), ['/tags/0', 'type']),
    wrong('an email that is a list', fullEvent(random, { contact: { email: ['a@example.com'] } }), [
      '/contact/email',
      'type',
    ]),
    wrong('an email that is null', fullEvent(random, { contact: { email: null } }), [
      '/contact/email',
      'type',
    ]),
    wrong('an email that is an object', fullEvent(random, { contact: { email: {} } }), [
      '/contact/email',
      'type',
    ]),
  ]);
  for (const name of [
    'title',
    'start',
    'end',
    'capacity',
    'contact',
    'tags',
    'website',
    'accessCode',
  ] as const) {
    const event = fullEvent(random);
    const others = OTHERS.filter((other) => kindOf(other) !== kindOf(event[name]));
    await tryEach(
      desk,
      random
        .shuffle(others)
        .slice(0, 5)
        .map((other) =>
          wrong(`${name} of every other type`, { ...event, [name]: other }, [`/${name}`, 'type']),
        ),
    );
  }
  await nothingReached(desk);
});

rule('R5', async (t) => {
  const desk = await openDesk(t);
  const { random } = t;
  await step(t, 'all members that are known', () => mustStore(desk, fullEvent(random)));
  const name = random.word();
  const { contact } = plainEvent(random);
  await tryEach(desk, [
    wrong('id', plainEvent(random, { id: random.word() }), ['/id', 'unknown']),
    wrong('a member that is null', plainEvent(random, { createdAt: null }), ['/createdAt', 'unknown']),
    wrong('a member of any name', fullEvent(random, { [name]: { admin: true } }), [`/${name}`, 'unknown']),
    wrong('a name in other upper and lower case', plainEvent(random, { Website: 'https://example.com' }), [
      '/Website',
      'unknown',
    ]),
    wrong('a member of another object', plainEvent(random, { email: contact.email }), ['/email', 'unknown']),
    wrong('a member of contact', plainEvent(random, { contact: { ...contact, phone: '1' } }), [
      '/contact/phone',
      'unknown',
    ]),
  ]);
  await nothingReached(desk);
});

rule('R10', async (t) => {
  const { random } = t;
  const events = Array.from({ length: 3 }, (_, index) => ({
    ...listed(fullEvent(random)),
    id: `${random.word()}${index}`,
  }));
  const desk = await openDesk(t, events);
  await step(t, 'no query', async () => {
    const answer = await mustList(desk, '');
    await t.quiet();
    mustLeaveAlone(desk, answer);
    answer.must(
      `the events ${events.map(({ id }) => id).join(', ')} as the repository gave them, in this order`,
      () => {
        const { items } = answer.json as { items: { id: unknown }[] };
        return (
          items.length === events.length &&
          events.every((event, index) => items[index]?.id === event.id && tells(items[index], event))
        );
      },
    );
  });
  await step(t, 'two apps, each with a repository of its own', async () => {
    const other = await openDesk(t, [], 'Other');
    await mustList(desk, '');
    await mustList(other, '');
  });
  await step(t, 'limit=10', () => mustList(desk, '?limit=10', { limit: 10 }));
  for (const limit of [1, 100, random.integer(2, 99)]) {
    await step(t, 'a limit', () => mustList(desk, `?limit=${limit}`, { limit }));
  }
  const [tag] = anyTags(random, 1) as [string];
  await step(t, 'a tag', () => mustList(desk, `?tag=${tag}`, { tag }));
  await step(t, 'all parameters', async () => {
    const from = anyDate(random, Date.UTC(2026, 4, 1));
    const to = anyDate(random, Date.UTC(2026, 4, 2));
    const query = new URLSearchParams({ to, tag, from, limit: '7' });
    await mustList(desk, `?${query.toString()}`, { from, to, limit: 7, tag });
  });
  await step(t, 'from alone, and to alone', async () => {
    await mustList(desk, '?from=2026-05-01T18:30:00Z', { from: '2026-05-01T18:30:00Z' });
    await mustList(desk, '?to=2026-05-01T20:30:00%2B02:00', { to: '2026-05-01T20:30:00+02:00' });
  });
  const cases: [query: string, ...faults: Fault[]][] = [
    ['limit=10abc', ['/limit', 'format']],
    ['limit=0', ['/limit', 'range']],
    ['limit=101', ['/limit', 'range']],
    ['limit=99999999999999999999', ['/limit', 'range']],
    ['limit=-1', ['/limit', 'format', 'range']],
    ['limit=1.5', ['/limit', 'format', 'range']],
    ['limit=1e1', ['/limit', 'format', 'range']],
    ['limit=0x10', ['/limit', 'format', 'range']],
    ['limit=', ['/limit', 'format', 'range']],
    ['limit=1&limit=2', ['/limit', 'duplicate']],
    ['limit=5&limit=5', ['/limit', 'duplicate']],
    [`tag=a&tag=b&limit=5`, ['/tag', 'duplicate']],
    // Of several codes the first: what each of the two would be by itself is not said.
    ['limit=abc&limit=xyz', ['/limit', 'duplicate']],
    ['tag=A!&tag=A!', ['/tag', 'duplicate']],
    ['from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z&to=2026-05-01T00:00:00Z', ['/to', 'duplicate']],
    ['tag=A!', ['/tag', 'format']],
    [`tag=${'a'.repeat(21)}`, ['/tag', 'format']],
    ['tag=', ['/tag', 'format']],
    ['from=2026-02-30T00:00:00Z', ['/from', 'format']],
    ['from=2026-05-01', ['/from', 'format']],
    ['from=', ['/from', 'format']],
    ['to=tomorrow', ['/to', 'format']],
    ['to=2026-05-01T10:00:00', ['/to', 'format']],
    ['from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z', ['/to', 'order']],
    ['from=2026-05-01T18:30:00Z&to=2026-05-01T20:30:00%2B02:00', ['/to', 'order']],
    ['offset=10', ['/offset', 'unknown']],
    ['offset=', ['/offset', 'unknown']],
    ['Limit=10', ['/Limit', 'unknown']],
  ];
  await step(t, 'limit=abc, and a problem document', async () => {
    mustBeProblem(await mustFaultQuery(desk, '?limit=abc', ['/limit', 'format']), 422);
  });
  await tryEach(
    desk,
    cases.map(([query, ...faults]) => wrongQuery(query, query, ...faults)),
  );
  await nothingReached(desk);
});

rule('R11', async (t) => {
  const { random } = t;
  const secrets: string[] = [];
  const secret = (length = 12): string => {
    const made = random.word(length).toUpperCase();
    secrets.push(made);
    return made;
  };
  const mustKeep = (answer: Answer): void => {
    const headers = JSON.stringify(answer.headers);
    answer.must('an answer without the accessCode that was sent', () => {
      return !secrets.some((each) => answer.text.includes(each) || headers.includes(each));
    });
  };
  const events = [{ ...listed(fullEvent(random, { accessCode: secret() })), id: random.word() }];
  const desk = await openDesk(t, events);
  await step(t, 'an event that is stored', async () => {
    const answer = await mustStore(desk, fullEvent(random, { accessCode: secret() }));
    mustKeep(answer);
    mustHaveNoCode(answer, answer.json);
  });
  await step(t, 'a list of events', async () => {
    const answer = (await desk.app.get('/events')).mustBe(200);
    desk.known++;
    const [item] = (answer.json as { items: unknown[] }).items;
    mustKeep(answer.must('the event in items', () => tells(item, events[0] as Input)));
    mustHaveNoCode(answer, item);
  });
  for (const [what, changes, fault] of [
    ['an accessCode that is too short', { accessCode: secret(7) }, ['/accessCode', 'length']],
    ['an accessCode that is too long', { accessCode: secret(65) }, ['/accessCode', 'length']],
    ['an accessCode that is a list', { accessCode: [secret()] }, ['/accessCode', 'type']],
    ['an accessCode that is an object', { accessCode: { code: secret() } }, ['/accessCode', 'type']],
    [
      'a right accessCode beside another fault',
      { accessCode: secret(), capacity: -1 },
      ['/capacity', 'range'],
    ],
  ] as const) {
    await step(t, what, async () => mustKeep(await mustFault(desk, fullEvent(random, changes), fault)));
  }
  const digits = random.integer(1e9, 9e9);
  secrets.push(String(digits));
  await step(t, 'an accessCode that is a number', async () => {
    mustKeep(await mustFault(desk, fullEvent(random, { accessCode: digits }), ['/accessCode', 'type']));
  });
  for (const [what, text] of [
    ['JSON that breaks before the accessCode', `{"title":"Jazz","accessCode":x"${secret(8)}","capacity":1}`],
    ['JSON that breaks in the accessCode', `{"accessCode":${secret(8)}}`],
    ['JSON that breaks behind the accessCode', `{"title":"${random.word()}","accessCode":"${secret(8)}"x}`],
  ] as const) {
    await step(t, what, async () => {
      const answer = await desk.app.post('/events', { headers: JSON_TYPE, body: text });
      mustKeep(answer.mustBe(400));
    });
  }
  await step(t, 'another media type', async () => {
    const body = JSON.stringify(fullEvent(random, { accessCode: secret() }));
    mustKeep(
      (await desk.app.post('/events', { headers: { 'Content-Type': 'text/plain' }, body })).mustBe(415),
    );
  });
});

/** Stars in its place, or its first letters, are not "without". */
function mustHaveNoCode(answer: Answer, event: unknown): void {
  answer.must('an event without accessCode (absent or null)', () => {
    return ((event as { accessCode?: unknown }).accessCode ?? null) === null;
  });
}

/** An event as the repository keeps it. */
function listed(input: Input): Input {
  return { ...input, tags: input.tags ?? [] };
}

function without(input: Input, name: keyof Input): object {
  const { [name]: _, ...rest } = input;
  return rest;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
