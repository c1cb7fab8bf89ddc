export type Code = 'required' | 'type' | 'unknown' | 'length' | 'format' | 'range' | 'duplicate' | 'order';
export type Fault = { pointer: string; code: Code };

/** Stands for a value that is not fit for use. What is wrong with it has been reported. */
export const WRONG = Symbol('wrong');

/** Looks at one value: reports what is wrong with it, or gives it back clean. */
export type Check = (value: unknown, pointer: string, report: Report) => unknown;
export type Report = (pointer: string, code: Code) => typeof WRONG;

export type Member = { name: string; check: Check; required?: true; otherwise?: () => unknown };
export type Table = { members: Member[]; ordered?: [earlier: string, later: string] };

/** Every fault that a check finds, at most one for a pointer. */
export function inspect(check: Check, value: unknown): { clean: unknown; faults: Fault[] } {
  const faults = new Map<string, Fault>();
  const report: Report = (pointer, code) => {
    if (!faults.has(pointer)) faults.set(pointer, { pointer, code });
    return WRONG;
  };
  const clean = check(value, '', report);
  return { clean, faults: [...faults.values()] };
}

const characters = (text: string): number => {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
};

const below = (pointer: string, name: string): string =>
  `${pointer}/${name.split('~').join('~0').split('/').join('~1')}`;

export function object({ members, ordered }: Table): Check {
  const known = new Set(members.map(({ name }) => name));
  return (value, pointer, report) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return report(pointer, 'type');
    const given = new Map<string, unknown>(Object.entries(value));
    const clean = new Map<string, unknown>();
    for (const name of given.keys()) if (!known.has(name)) report(below(pointer, name), 'unknown');
    for (const { name, check, required, otherwise } of members) {
      if (given.has(name)) clean.set(name, check(given.get(name), below(pointer, name), report));
      else if (required) report(below(pointer, name), 'required');
      else clean.set(name, otherwise?.());
    }
    if (ordered !== undefined) {
      const [earlier, later] = ordered.map((name) => clean.get(name));
      if (
        typeof earlier === 'string' &&
        typeof later === 'string' &&
        Date.parse(later) <= Date.parse(earlier)
      )
        report(below(pointer, ordered[1]), 'order');
    }
    return Object.fromEntries(clean);
  };
}

type Limits = { min: number; max: number };

/** A text; `trimmed` unless it is a secret. `fits` looks at a text of the right length. */
export function text({ min, max }: Limits, fits?: (text: string) => boolean, trimmed = true): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'string') return report(pointer, 'type');
    const clean = trimmed ? value.trim() : value;
    const length = characters(clean);
    if (length < min || length > max) return report(pointer, 'length');
    return fits === undefined || fits(clean) ? clean : report(pointer, 'format');
  };
}

export function whole({ min, max }: Limits): Check {
  return (value, pointer, report) => {
    if (typeof value !== 'number') return report(pointer, 'type');
    return Number.isInteger(value) && value >= min && value <= max ? value : report(pointer, 'range');
  };
}

export const digits =
  (limits: Limits): Check =>
  (value, pointer, report) =>
    typeof value === 'string' && /^[0-9]+$/.test(value)
      ? whole(limits)(Number(value), pointer, report)
      : report(pointer, 'format');

const DATE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d{1,3})?(?:Z|[+-](\d\d):(\d\d))$/;

/** An RFC 3339 date-time. Clean, it is the same instant in UTC. */
export const date: Check = (value, pointer, report) => {
  if (typeof value !== 'string') return report(pointer, 'type');
  const parts = DATE.exec(value);
  if (parts === null) return report(pointer, 'format');
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, , offsetHour = 0, offsetMinute = 0] =
    parts.slice(1).map((part) => Number(part ?? 0));
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  const right =
    day >= 1 &&
    day <= days &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    offsetHour < 24 &&
    offsetMinute < 60;
  return right ? new Date(value).toISOString() : report(pointer, 'format');
};

const TAG = /^[a-z0-9-]{1,20}$/;

export const tag: Check = (value, pointer, report) => {
  if (typeof value !== 'string') return report(pointer, 'type');
  const clean = value.trim();
  return TAG.test(clean) ? clean : report(pointer, 'format');
};

export function distinct(item: Check, max: number): Check {
  return (value, pointer, report) => {
    if (!Array.isArray(value)) return report(pointer, 'type');
    if (value.length > max) return report(pointer, 'length');
    const seen = new Set<unknown>();
    return value.map((one: unknown, index) => {
      const clean = item(one, `${pointer}/${index}`, report);
      if (clean !== WRONG && seen.has(clean)) return report(`${pointer}/${index}`, 'duplicate');
      seen.add(clean);
      return clean;
    });
  };
}

export function isEmail(text: string): boolean {
  const halves = text.split('@');
  if (halves.length !== 2) return false;
  const [local = '', domain = ''] = halves;
  const labels = domain.split('.');
  return (
    local.length <= 64 &&
    local.split('.').every((atom) => /^[A-Za-z0-9_+-]+$/.test(atom)) &&
    /^[A-Za-z0-9]/.test(local) &&
    /[A-Za-z0-9]$/.test(local) &&
    labels.length > 1 &&
    labels.every((label) => /^[A-Za-z0-9-]+$/.test(label)) &&
    /^[A-Za-z]+$/.test(labels.at(-1) ?? '')
  );
}

export function isWebAddress(text: string): boolean {
  const scheme = ['http://', 'https://'].find((start) => text.startsWith(start));
  if (scheme === undefined) return false;
  const authority = text.slice(scheme.length).split(/[/?#\\]/, 1)[0] ?? '';
  const [host = '', port = ''] = authority.split(':');
  return host !== '' && !/[\s@]/.test(host) && /^\d*$/.test(port);
}
