// canary 0db32d1708f2d938a76fb9f6
import type { Random } from '#suite';
import { anyDate, anyEmail, anySecret, anyTags, anyWebsite, fullEvent } from './stage.ts';
import type { Fault, Input } from './stage.ts';

/** An event with any mix of faults, and what the contract says about it. `input`: what it is when it has none. */
export type Mix = { json: Record<string, unknown>; faults: Fault[]; input: Input };

type Drawn = { value: unknown; parsed?: unknown; code: string | null };

const ABSENT = Symbol('absent');
const SPACES = ['', '', '', ' ', '\t', ' \n'];
const LETTERS = ['a', 'Z', '7', '.', ' ', 'ß', '漢', '🎉', '👩', 'e\u0301'];

/** Parameters of a query that are wrong, and their faults. Each goes beside a `to` before its `from`. */
export const parametersBesideOrder: readonly (readonly [query: string, fault: Fault])[] = [
  ['limit=x', ['/limit', 'format']],
  ['limit=0', ['/limit', 'range']],
  ['limit=1000', ['/limit', 'range']],
  ['limit=1&limit=2', ['/limit', 'duplicate']],
  ['tag=A!', ['/tag', 'format']],
  ['tag=a&tag=a', ['/tag', 'duplicate']],
  ['page=2', ['/page', 'unknown']],
];

/** Events that end before they start and have one more fault. `body`: as text, because 1e400 is no value here. */
export function faultsBesideOrder(random: Random): { what: string; body: string; fault: Fault }[] {
  const { start, end, contact, ...rest } = fullEvent(random);
  const turned = { ...rest, start: end, end: start, contact };
  const { title, ...untitled } = turned;
  const [tag, other] = anyTags(random, 2);
  const cases: [what: string, json: object, fault: Fault][] = [
    ['no title', untitled, ['/title', 'required']],
    ['a title of another type', { ...turned, title: [title] }, ['/title', 'type']],
    ['an empty title', { ...turned, title: ' ' }, ['/title', 'length']],
    ['a capacity of another type', { ...turned, capacity: '5' }, ['/capacity', 'type']],
    ['capacity 1.5', { ...turned, capacity: 1.5 }, ['/capacity', 'range']],
    ['capacity -1', { ...turned, capacity: -1 }, ['/capacity', 'range']],
    ['capacity 1e400', { ...turned, capacity: 'N' }, ['/capacity', 'range']],
    ['a contact of another type', { ...turned, contact: contact.email }, ['/contact', 'type']],
    ['no email', { ...turned, contact: {} }, ['/contact/email', 'required']],
    ['a wrong email', { ...turned, contact: { email: 'ada' } }, ['/contact/email', 'format']],
    ['eleven tags', { ...turned, tags: anyTags(random, 11) }, ['/tags', 'length']],
    ['a wrong tag', { ...turned, tags: [tag, 'B!'] }, ['/tags/1', 'format']],
    ['a tag of another type', { ...turned, tags: [7, tag] }, ['/tags/0', 'type']],
    ['a tag that comes twice', { ...turned, tags: [tag, other, tag] }, ['/tags/2', 'duplicate']],
    ['a website of another scheme', { ...turned, website: 'ftp://example.com' }, ['/website', 'format']],
    ['a short accessCode', { ...turned, accessCode: 'short' }, ['/accessCode', 'length']],
    ['an unknown member', { ...turned, admin: true }, ['/admin', 'unknown']],
    ['an unknown member in contact', { ...turned, contact: { ...contact, a: 1 } }, ['/contact/a', 'unknown']],
  ];
  return cases.map(([what, json, fault]) => ({
    what,
    body: JSON.stringify(json).replace('"capacity":"N"', '"capacity":1e400'),
    fault,
  }));
}

/** A tag that is wrong behind two good ones, in each way that there is. */
const SPOILERS = [
  { what: 'a tag of another type', code: 'type', tag: () => 7 },
  { what: 'a tag of no good form', code: 'format', tag: () => 'Big' },
  { what: 'the first tag again', code: 'duplicate', tag: ([first]: readonly string[]) => first },
  { what: 'the second tag again', code: 'duplicate', tag: ([, second]: readonly string[]) => second },
] as const;

/** Two good tags and two wrong ones: each kind with each, and with itself. */
export function pairsOfTags(random: Random): { what: string; tags: unknown[]; faults: Fault[] }[] {
  return SPOILERS.flatMap((one) =>
    SPOILERS.map((two) => {
      const good = anyTags(random, 2);
      const faults: Fault[] = [
        ['/tags/2', one.code],
        ['/tags/3', two.code],
      ];
      return { what: `${one.what}, then ${two.what}`, tags: [...good, one.tag(good), two.tag(good)], faults };
    }),
  );
}

/** Draws every member by itself, right or wrong, and works out what follows from them together. */
export function anyMix(random: Random, wrong: number): Mix {
  const json: Record<string, unknown> = {};
  const parsed: Record<string, unknown> = {};
  const faults: Fault[] = [];
  const put = (name: string, drawn: Drawn): void => {
    if (drawn.value !== ABSENT) json[name] = drawn.value;
    if (drawn.code !== null) faults.push([`/${name}`, drawn.code]);
    else if (drawn.value !== ABSENT) parsed[name] = 'parsed' in drawn ? drawn.parsed : drawn.value;
  };
  const draw = (required: boolean, kind: string, right: () => Drawn, spoilt: () => Drawn): Drawn => {
    if (!required && random.next() < 0.3) return { value: ABSENT, code: null };
    if (random.next() >= wrong) return right();
    const fault = random.integer(1, 4);
    if (fault === 1 && required) return { value: ABSENT, code: 'required' };
    if (fault === 2) return { value: otherThan(random, kind), code: 'type' };
    return spoilt();
  };

  put(
    'title',
    draw(
      true,
      'string',
      () => anyTitle(random),
      () => badTitle(random),
    ),
  );
  const start = draw(
    true,
    'string',
    () => anyInstant(random),
    () => badInstant(random),
  );
  const end = draw(
    true,
    'string',
    () => anyInstant(random),
    () => badInstant(random),
  );
  put('start', start);
  const ordered = [start, end].every(({ code }) => code === null);
  if (ordered && instantOf(end) <= instantOf(start)) put('end', { ...end, code: 'order' });
  else put('end', end);
  put(
    'capacity',
    draw(
      true,
      'number',
      () => ({ value: random.pick([0, 100_000, random.integer(0, 100_000)]), code: null }),
      () => ({
        value: random.pick([-1, 100_001, 0.5, 1e21, -random.integer(2, 1e6), 100_000.5]),
        code: 'range',
      }),
    ),
  );
  putContact();
  putTags();
  put(
    'website',
    draw(
      false,
      'string',
      () => padded(random, anyWebsite(random)),
      () => ({
        value: random.pick(['javascript:alert(1)', 'ftp://example.com', 'example', 'https://']),
        code: 'format',
      }),
    ),
  );
  put(
    'accessCode',
    draw(
      false,
      'string',
      () => ({ value: anySecret(random), code: null }),
      () => ({ value: random.word(random.pick([1, 7, 65, 80])), code: 'length' }),
    ),
  );
  for (const name of unknownNames(random, wrong))
    put(name, { value: random.pick([1, null, 'x', {}]), code: 'unknown' });
  return { json: shuffled(random, json), faults, input: parsed as Input };

  function putContact(): void {
    const contact = draw(
      true,
      'object',
      () => ({ value: {}, code: null }),
      () => ({ value: {}, code: null }),
    );
    if (contact.value === ABSENT || contact.code !== null) {
      put('contact', contact);
      return;
    }
    const inside: Record<string, unknown> = {};
    const email = draw(
      true,
      'string',
      () => padded(random, anyEmail(random)),
      () =>
        random.pick<Drawn>([
          { value: random.word(), code: 'format' },
          { value: `${random.word()}@`, code: 'format' },
          { value: `${random.word()}@@example.com`, code: 'format' },
          { value: `a b@example.com`, code: 'format' },
          { value: '  ', code: 'length' },
          { value: `${random.word()}@example.com${'m'.repeat(250)}`, code: 'length' },
        ]),
    );
    if (email.value !== ABSENT) inside['email'] = email.value;
    if (email.code !== null) faults.push(['/contact/email', email.code]);
    for (const name of unknownNames(random, wrong)) {
      inside[name] = 1;
      faults.push([`/contact/${name}`, 'unknown']);
    }
    json['contact'] = shuffled(random, inside);
    parsed['contact'] = { email: 'parsed' in email ? email.parsed : email.value };
  }

  function putTags(): void {
    const tags = draw(
      false,
      'list',
      () => ({ value: anyTags(random, random.integer(0, 10)), code: null }),
      () => {
        if (random.next() < 0.3) return { value: anyTags(random, random.integer(11, 20)), code: 'length' };
        return { value: spoiltTags(), code: null };
      },
    );
    put('tags', tags);
  }

  /** At most ten tags with faults among them; the faults are noted on the way. */
  function spoiltTags(): unknown[] {
    const [first = 'a', second = 'b', ...others] = anyTags(random, random.integer(2, 5));
    const items = random.shuffle<unknown>([
      first,
      second,
      ...others,
      first,
      ` ${second} `,
      'Big',
      'a b',
      '',
      7,
      'Big',
    ]);
    const seen = new Set<unknown>();
    items.splice(10);
    items.forEach((item, index) => {
      const code = tagCode(item, seen);
      if (code !== null) faults.push([`/tags/${index}`, code]);
    });
    return items;
  }
}

function tagCode(item: unknown, seen: Set<unknown>): string | null {
  if (typeof item !== 'string') return 'type';
  const tag = item.trim();
  if (!/^[a-z0-9-]{1,20}$/.test(tag)) return 'format';
  if (seen.has(tag)) return 'duplicate';
  seen.add(tag);
  return null;
}

function anyTitle(random: Random): Drawn {
  const text = Array.from({ length: random.integer(0, 20) }, () => random.pick(LETTERS)).join('');
  return padded(random, `x${[...text].slice(0, 48).join('')}x`);
}

function badTitle(random: Random): Drawn {
  const long = Array.from({ length: random.integer(51, 60) }, () => random.pick(['a', '🎉', '漢'])).join('');
  return { value: random.pick(['', '   ', '\t\n', long]), code: 'length' };
}

/** Few instants, so that two of them meet in every order. */
function anyInstant(random: Random): Drawn {
  return { value: anyDate(random, Date.UTC(2026, 4, 1, random.integer(0, 5))), code: null };
}

function badInstant(random: Random): Drawn {
  const day = `2026-${random.pick(['02-30', '04-31', '13-01', '00-01'])}T10:00:00Z`;
  return {
    value: random.pick([day, '', 'soon', '2026-05-01', '2026-05-01T10:00:00', '2026-05-01T24:00:00Z']),
    code: 'format',
  };
}

function instantOf({ value }: Drawn): number {
  return Date.parse(value as string);
}

function padded(random: Random, text: string): Drawn {
  return { value: `${random.pick(SPACES)}${text}${random.pick(SPACES)}`, parsed: text, code: null };
}

function otherThan(random: Random, kind: string): unknown {
  const others: [string, unknown][] = [
    ['null', null],
    ['boolean', true],
    ['boolean', false],
    ['number', 7],
    ['number', 0],
    ['string', '7'],
    ['string', ''],
    ['list', []],
    ['list', [1]],
    ['object', {}],
    ['object', { email: 'ada@example.com' }],
  ];
  return random.pick(others.filter(([each]) => each !== kind))[1];
}

function unknownNames(random: Random, wrong: number): string[] {
  return random.next() < wrong ? [random.word(), random.pick(['id', 'admin', 'Title', 'tag'])] : [];
}

function shuffled(random: Random, members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(random.shuffle(Object.entries(members)));
}
