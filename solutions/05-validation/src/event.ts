import { z } from 'zod';
import type { Code } from './validate.ts';

/** A tag: in an event, and as a filter. No quantifier inside a quantifier, so it cannot run away. */
const TAG = /^[a-z0-9-]{1,20}$/;

/** Text without the spaces around it, of `least` to `most` characters as people count them (Unicode code points). */
function text(least: number, most: number): z.ZodString {
  return z
    .string()
    .trim()
    .refine(
      (value) => {
        const { length } = Array.from(value); // `value.length` counts UTF-16 units: 2 for an emoji
        return length >= least && length <= most;
      },
      { params: { code: 'length' } },
    );
}

/** RFC 3339 with an offset. It looks at the calendar too: `new Date` makes 2 March of 30 February. */
const instant = z.iso.datetime({ offset: true });

/** Whether the second instant is later. Never compare the texts: 10:00+02:00 is earlier than 09:00Z. */
function inOrder(first: string, second: string): boolean {
  return Date.parse(first) < Date.parse(second);
}

const isInstant = (value: unknown): value is string => instant.safeParse(value).success;

/** Asks `holds` about the raw value first. What fails there goes no further, and has this one fault. */
function guarded<T extends z.ZodType>(
  code: Code,
  holds: (value: unknown) => boolean,
  schema: T,
): z.ZodPipe<z.ZodType<unknown>, T> {
  return z.unknown().refine(holds, { params: { code } }).pipe(schema);
}

const tags = guarded(
  'length',
  (value) => !Array.isArray(value) || value.length <= 10, // before its items are looked at: there may be a million
  z.array(z.string().trim().regex(TAG)).superRefine(
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
    { when: ({ value }) => Array.isArray(value) }, // also when some of them are no tags
  ),
);

/** An allow list of two schemes. A list of what is forbidden would have to know javascript:, data:, vbscript: and the next. */
const webAddress = z.url({ protocol: /^https?$/ });

/** An event as a client sends it. What comes out is a new object that holds these members and no others. */
export const newEvent = z
  .strictObject({
    // pipe: a text of the wrong length goes no further, so no pattern ever meets a text of a million characters.
    title: text(1, 50),
    start: instant,
    end: instant,
    capacity: z.number().refine((value) => Number.isInteger(value) && value >= 0 && value <= 100_000, {
      params: { code: 'range' },
    }),
    contact: z.strictObject({ email: text(1, 254).pipe(z.email()) }),
    tags: tags.default([]),
    website: text(1, 200).pipe(webAddress).optional(),
    accessCode: text(8, 64).optional(),
  })
  .refine(({ start, end }) => inOrder(start, end), {
    path: ['end'],
    params: { code: 'order' },
    // Without this line zod does not ask after faults such as a wrong type, and the client learns of the order one round later.
    when: ({ value }) => bothValid(value, 'start', 'end'),
  });

/** A parameter that came once. Of one that came twice Express makes a list, and which of the two counts is anybody's guess. */
function once<T extends z.ZodType>(schema: T): z.ZodPipe<z.ZodType<unknown>, T> {
  return guarded('duplicate', (value) => !Array.isArray(value), schema);
}

/** A query is all text, so here a number is made of text, on purpose: of digits, and of nothing else. */
const limit = z
  .string()
  .regex(/^\d+$/)
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
