import type { Fault, NewEvent } from './app.ts';
import { pointerTo, type Parsed } from './faults.ts';
import { countCharacters, instantOf, isEmail, isTag, isWebAddress } from './texts.ts';

type Members = Record<string, unknown>;

const eventMembers = ['title', 'start', 'end', 'capacity', 'contact', 'tags', 'website', 'accessCode'];
const contactMembers = ['email'];
const maximumCapacity = 100_000;
const maximumTags = 10;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads what JSON.parse gave as a new event. */
export function parseEvent(body: unknown): Parsed<NewEvent> {
  if (!isObject(body)) return { ok: false, faults: [{ pointer: '', code: 'type' }] };
  const faults: Fault[] = [];
  const report = (pointer: string, code: Fault['code']): undefined => {
    faults.push({ pointer, code });
  };

  const refuseUnknown = (object: Members, known: string[], parent: string): void => {
    for (const name of Object.keys(object)) {
      if (!known.includes(name)) report(pointerTo(parent, name), 'unknown');
    }
  };

  /** A text from `minimum` to `maximum` characters, as it came. */
  const readText = (
    value: unknown,
    pointer: string,
    minimum: number,
    maximum: number,
  ): string | undefined => {
    if (typeof value !== 'string') return report(pointer, 'type');
    const characters = countCharacters(value);
    return characters < minimum || characters > maximum ? report(pointer, 'length') : value;
  };

  const readTrimmed = (value: unknown, pointer: string, maximum: number): string | undefined =>
    readText(typeof value === 'string' ? value.trim() : value, pointer, 1, maximum);

  const readDate = (value: unknown, pointer: string): { text: string; instant: number } | undefined => {
    if (typeof value !== 'string') return report(pointer, 'type');
    const instant = instantOf(value);
    return instant === undefined ? report(pointer, 'format') : { text: value, instant };
  };

  const readCapacity = (value: unknown): number | undefined => {
    if (typeof value !== 'number') return report('/capacity', 'type');
    const fits = Number.isInteger(value) && value >= 0 && value <= maximumCapacity;
    return fits ? value : report('/capacity', 'range');
  };

  const readEmail = (value: unknown): string | undefined => {
    const email = readTrimmed(value, '/contact/email', 254);
    if (email === undefined) return undefined;
    return isEmail(email) ? email : report('/contact/email', 'format');
  };

  const readContact = (value: unknown): { email: string } | undefined => {
    if (!isObject(value)) return report('/contact', 'type');
    refuseUnknown(value, contactMembers, '/contact');
    if (!Object.hasOwn(value, 'email')) return report('/contact/email', 'required');
    const email = readEmail(value.email);
    return email === undefined ? undefined : { email };
  };

  const readTags = (value: unknown): string[] | undefined => {
    if (!Array.isArray(value)) return report('/tags', 'type');
    if (value.length > maximumTags) return report('/tags', 'length');
    const tags: string[] = [];
    for (const [index, item] of value.entries()) {
      const pointer = `/tags/${index}`;
      const tag: unknown = typeof item === 'string' ? item.trim() : item;
      if (typeof tag !== 'string') report(pointer, 'type');
      else if (!isTag(tag)) report(pointer, 'format');
      else if (tags.includes(tag)) report(pointer, 'duplicate');
      else tags.push(tag);
    }
    return tags;
  };

  const readWebsite = (value: unknown): string | undefined => {
    const website = readTrimmed(value, '/website', 200);
    if (website === undefined) return undefined;
    return isWebAddress(website) ? website : report('/website', 'format');
  };

  /** Hands a required member to its reader, and reports it when it is absent. */
  const need = <Value>(name: string, read: (value: unknown) => Value | undefined): Value | undefined =>
    Object.hasOwn(body, name) ? read(body[name]) : report(`/${name}`, 'required');

  refuseUnknown(body, eventMembers, '');
  const title = need('title', (value) => readTrimmed(value, '/title', 50));
  const start = need('start', (value) => readDate(value, '/start'));
  const end = need('end', (value) => readDate(value, '/end'));
  if (start !== undefined && end !== undefined && end.instant <= start.instant) report('/end', 'order');
  const capacity = need('capacity', readCapacity);
  const contact = need('contact', readContact);
  const tags = Object.hasOwn(body, 'tags') ? readTags(body.tags) : [];
  const website = Object.hasOwn(body, 'website') ? readWebsite(body.website) : undefined;
  const accessCode = Object.hasOwn(body, 'accessCode')
    ? readText(body.accessCode, '/accessCode', 8, 64)
    : undefined;

  if (
    faults.length > 0 ||
    title === undefined ||
    start === undefined ||
    end === undefined ||
    capacity === undefined ||
    contact === undefined ||
    tags === undefined
  ) {
    return { ok: false, faults };
  }
  const event: NewEvent = { title, start: start.text, end: end.text, capacity, contact, tags };
  if (website !== undefined) event.website = website;
  if (accessCode !== undefined) event.accessCode = accessCode;
  return { ok: true, value: event };
}
