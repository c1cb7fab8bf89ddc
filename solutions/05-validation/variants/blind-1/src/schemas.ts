import { z } from 'zod';

// The schemas are all there is to know about the shape of an event and of a query. Where zod cannot know which code of
// the contract a refinement stands for, the refinement's message is the code. Everything else is named in faults.ts.

/** A text that loses the white space at its ends and is then counted in code points, as people would count. */
const text = (min: number, max: number) => z.string().trim().refine(hasCodePoints(min, max), 'length');

function hasCodePoints(min: number, max: number) {
  return (value: string) => {
    const count = [...value].length;
    return min <= count && count <= max;
  };
}

/**
 * RFC 3339 with an offset. zod knows the calendar, but takes a fraction of any length. Three digits are what `Date` can
 * hold, so that a comparison of two dates cannot be wrong about a digit it never saw. `abort`, because zod goes on after
 * a wrong form and would compare what is no date.
 */
const date = z.iso
  .datetime({ offset: true, abort: true })
  .regex(/:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/, { abort: true });

// `z.email().trim()` would check first and trim then, so the text comes first and its form is a second step. The usual
// pattern of z.email() is stricter than the contract (`a@b.c` is an address); this one only refuses what cannot be one.
const email = text(1, 254).check(z.email({ pattern: z.regexes.unicodeEmail }));

// `new URL`, which is what z.url asks, forgives a missing host (`http:///path`) and drops line breaks. The pattern comes
// first and does not.
const website = text(1, 200)
  .regex(/^https?:\/\/[^\s/\\?#]+(?:[/?#][^\t\r\n]*)?$/i)
  .check(z.url({ protocol: z.regexes.httpProtocol }));

const tag = z
  .string()
  .trim()
  .regex(/^[a-z0-9-]{1,20}$/);

const tags = z
  // A list that is too long goes no further, so nobody can have thousands of items looked at.
  .array(z.unknown())
  .max(10)
  .pipe(
    z.array(tag).superRefine(
      (items, context) => {
        const seen = new Set<unknown>();
        items.forEach((item, index) => {
          if (!tag.safeParse(item).success) return;
          if (seen.has(item)) context.addIssue({ code: 'custom', message: 'duplicate', path: [index] });
          seen.add(item);
        });
      },
      // Also when other items of the list are wrong.
      { when: () => true },
    ),
  );

const isLater = (second: string, first: string) => Date.parse(second) > Date.parse(first);

// The order of the two dates is a schema of its own, which is asked besides the whole. As a refinement of the whole it
// would not run when another member is wrong. zod's answer to that is `when`, but after some faults (a whole number that
// is 1.5, a list that is too long) zod skips a refinement all the same.

/** What `POST /events` takes. */
export const newEvent = {
  whole: z.strictObject({
    title: text(1, 50),
    start: date,
    end: date,
    capacity: z.int().min(0).max(100_000),
    contact: z.strictObject({ email }),
    tags: tags.default(() => []),
    website: website.optional(),
    accessCode: z.string().refine(hasCodePoints(8, 64), 'length').optional(),
  }),
  order: z
    .object({ start: date, end: date })
    .refine(({ start, end }) => isLater(end, start), { path: ['end'], error: 'order' }),
};

/** What `GET /events` takes: an object of texts, with a list for each parameter that came more than once. */
export const eventFilter = {
  whole: z.strictObject({
    from: date.optional(),
    to: date.optional(),
    limit: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(100)).default(20),
    tag: z
      .string()
      .regex(/^[a-z0-9-]{1,20}$/)
      .optional(),
  }),
  order: z
    .object({ from: date.optional(), to: date.optional() })
    .refine(({ from, to }) => from === undefined || to === undefined || isLater(to, from), {
      path: ['to'],
      error: 'order',
    }),
};
