import { z } from 'zod';

/** A tag: in an event, and as a filter. No quantifier inside a quantifier, so it cannot run away. */
const TAG = /^[a-z0-9-]{1,20}$/;

/** Text without the spaces around it, of `least` to `most` characters as people count them (Unicode code points). */
function text(least: number, most: number): z.ZodString {
  // Checks run in this order, and the first one that fails is the one that is reported: abort skips the rest.
  return z
    .string()
    .trim()
    .refine(
      (value) => {
        const { length } = Array.from(value); // `value.length` counts UTF-16 units: 2 for an emoji
        return length >= least && length <= most;
      },
      { params: { code: 'length' }, abort: true },
    );
}

/** RFC 3339 with an offset. It looks at the calendar too: `new Date` makes 2 March of 30 February. */
const instant = z.iso.datetime({ offset: true });

/** Whether the second instant is later. Never compare the texts: 10:00+02:00 is earlier than 09:00Z. */
function inOrder(first: string, second: string): boolean {
  return Date.parse(first) < Date.parse(second);
}

const isInstant = (value: unknown): value is string => instant.safeParse(value).success;

const tags = z
  .array(z.string().trim().regex(TAG))
  .max(10)
  .superRefine(
    (items, context) => {
      const seen = new Set<string>(); // an object would know `constructor` already
      items.forEach((tag, index) => {
        if (typeof tag !== 'string' || !TAG.test(tag)) return;
        if (seen.has(tag)) {
          context.addIssue({ code: 'custom', path: [index], params: { code: 'duplicate' } });
        }
        seen.add(tag);
      });
    },
    { when: ({ value }) => Array.isArray(value) && value.length <= 10 },
  );

function isWebAddress(value: string): boolean {
  // An allow list of two. A list of what is forbidden would have to know javascript:, data:, vbscript: and the next.
  return /^https?:\/\//i.test(value) && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** An event as a client sends it. What comes out is a new object that holds these members and no others. */
export const newEvent = z
  .strictObject({
    title: text(1, 50),
    start: instant,
    end: instant,
    capacity: z.number().refine((value) => Number.isInteger(value) && value >= 0 && value <= 100_000, {
      params: { code: 'range' },
    }),
    contact: z.strictObject({ email: text(1, 254).regex(z.regexes.email) }),
    tags: tags.default([]),
    website: text(1, 200)
      .refine(isWebAddress, { params: { code: 'format' } })
      .optional(),
    accessCode: text(8, 64).optional(),
  })
  .refine(({ start, end }) => inOrder(start, end), {
    path: ['end'],
    params: { code: 'order' },
    // Without this line zod asks only when all else is right, and the client learns of the order one round later.
    when: ({ value }) => bothValid(value, 'start', 'end'),
  });

/** A parameter that came once. Express makes a list of one that came twice, and which of the two counts is anybody's guess. */
function once<T extends z.ZodType>(schema: T): z.ZodPipe<z.ZodType<unknown>, T> {
  const single = z.custom((value) => !Array.isArray(value), { params: { code: 'duplicate' }, abort: true });
  return single.pipe(schema) as z.ZodPipe<z.ZodType<unknown>, T>;
}

/** A query is all text, so here a number is made of text, on purpose: of digits, and of nothing else. */
const limit = z
  .string()
  .regex(/^\d+$/, { abort: true })
  .transform(Number)
  .refine((value) => value >= 1 && value <= 100, { params: { code: 'range' } });

/** What GET /events can be asked for. */
export const eventFilter = z
  .strictObject({
    from: once(instant).optional(),
    to: once(instant).optional(),
    limit: once(limit).default(20),
    tag: once(z.string().regex(TAG)).optional(),
  })
  .refine(({ from, to }) => inOrder(from ?? '', to ?? ''), {
    path: ['to'],
    params: { code: 'order' },
    when: ({ value }) => bothValid(value, 'from', 'to'),
  });

export type NewEvent = z.infer<typeof newEvent>;
export type EventFilter = z.infer<typeof eventFilter>;
export type StoredEvent = NewEvent & { id: string };

/** Where events are kept. */
export type EventRepo = {
  add(event: NewEvent): Promise<StoredEvent>;
  list(filter: EventFilter): Promise<StoredEvent[]>;
};

/** What clients may see of an event. The members are named one by one: a secret that is added later stays inside. */
export function publicEvent({
  id,
  title,
  start,
  end,
  capacity,
  contact,
  tags,
  website,
}: StoredEvent): unknown {
  return { id, title, start, end, capacity, contact, tags, website };
}

function bothValid(value: unknown, first: string, second: string): boolean {
  const members = value as Record<string, unknown> | null | undefined;
  return isInstant(members?.[first]) && isInstant(members?.[second]);
}
