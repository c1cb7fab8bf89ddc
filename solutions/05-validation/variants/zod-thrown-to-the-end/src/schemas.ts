import { z } from 'zod';

/** Messages of these schemas are the codes of faults, in the order in which they count. */
export const CODES = [
  'unknown',
  'required',
  'type',
  'duplicate',
  'length',
  'format',
  'range',
  'order',
] as const;

const mismatch = ({ input }: { input?: unknown }): string => (input === undefined ? 'required' : 'type');

const text = (min: number, max: number) =>
  z
    .string({ error: mismatch })
    .trim()
    .refine(
      (value) => {
        const { length } = Array.from(value);
        return min <= length && length <= max;
      },
      { error: 'length' },
    );

const instant = (base: z.ZodString) =>
  base
    .check(z.iso.datetime({ offset: true, error: 'format' }))
    .refine((value) => !/\.\d{4}/.test(value), 'format')
    .transform((value) => new Date(value));

const TAG = /^[a-z0-9-]{1,20}$/;

const tags = z
  .array(z.string({ error: 'type' }).trim().regex(TAG, 'format'), { error: mismatch })
  .superRefine(
    (list, context) => {
      // Not `.max(10)`: where that fails, zod skips the checks of the whole event too.
      if (list.length > 10) context.addIssue({ code: 'custom', message: 'length' });
      const seen = new Set<unknown>();
      for (const [index, tag] of list.entries()) {
        if (seen.has(tag)) context.addIssue({ code: 'custom', path: [index], message: 'duplicate' });
        else if (typeof tag === 'string' && TAG.test(tag)) seen.add(tag);
      }
    },
    { when: ({ value }) => Array.isArray(value) },
  );

const later = (first: string, second: string) => ({
  check: (value: Record<string, unknown>): boolean => Number(value[second]) > Number(value[first]),
  options: {
    error: 'order',
    path: [second],
    when: ({ value }: { value: unknown }): boolean => {
      if (typeof value !== 'object' || value === null) return false;
      const dates = value as Record<string, unknown>;
      return dates[first] instanceof Date && dates[second] instanceof Date;
    },
  },
});

const member = { error: mismatch };
const when = later('start', 'end');

export const newEvent = z
  .strictObject(
    {
      title: text(1, 50),
      start: instant(z.string(member)),
      end: instant(z.string(member)),
      capacity: z
        .number({ error: (issue) => (typeof issue.input === 'number' ? 'range' : mismatch(issue)) })
        .refine((value) => Number.isInteger(value) && value >= 0 && value <= 100_000, 'range'),
      contact: z.strictObject({ email: text(1, 254).pipe(z.email('format')) }, member),
      tags: tags.default([]),
      website: text(1, 200)
        .pipe(z.url({ protocol: /^https?$/, hostname: z.regexes.domain, error: 'format' }))
        .refine((value) => /^https?:\/\/[^/\\?#]/i.test(value), 'format')
        .optional(),
      accessCode: text(8, 64).optional(),
    },
    { error: () => 'type' },
  )
  .refine(when.check, when.options);

const once = { error: ({ input }: { input?: unknown }) => (Array.isArray(input) ? 'duplicate' : 'type') };
const span = later('from', 'to');

export const eventFilter = z
  .strictObject({
    from: instant(z.string(once)).optional(),
    to: instant(z.string(once)).optional(),
    limit: z
      .string(once)
      .regex(/^\d+$/, { error: 'format' })
      .transform(Number)
      .pipe(z.number('range').int('range').min(1, 'range').max(100, 'range'))
      .default(20),
    tag: z.string(once).regex(TAG, 'format').optional(),
  })
  .refine(span.check, span.options);
