import { date, digits, distinct, isEmail, isWebAddress, object, tag, text, whole } from './checks.ts';
import type { Check } from './checks.ts';

export const newEvent: Check = object({
  ordered: ['start', 'end'],
  members: [
    { name: 'title', required: true, check: text({ min: 1, max: 50 }) },
    { name: 'start', required: true, check: date },
    { name: 'end', required: true, check: date },
    { name: 'capacity', required: true, check: whole({ min: 0, max: 100_000 }) },
    {
      name: 'contact',
      required: true,
      check: object({
        members: [{ name: 'email', required: true, check: text({ min: 1, max: 254 }, isEmail) }],
      }),
    },
    { name: 'tags', otherwise: () => [], check: distinct(tag, 10) },
    { name: 'website', otherwise: () => null, check: text({ min: 1, max: 200 }, isWebAddress) },
    { name: 'accessCode', otherwise: () => null, check: text({ min: 8, max: 64 }, undefined, false) },
  ],
});

export const eventFilter: Check = object({
  ordered: ['from', 'to'],
  members: [
    { name: 'from', otherwise: () => null, check: date },
    { name: 'to', otherwise: () => null, check: date },
    { name: 'limit', otherwise: () => 20, check: digits({ min: 1, max: 100 }) },
    { name: 'tag', otherwise: () => null, check: tag },
  ],
});
