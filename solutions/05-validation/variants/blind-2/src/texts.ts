/** How many characters, that is Unicode code points, a text has. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}

const daysOfMonths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysIn(year: number, month: number): number {
  const isLeapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && isLeapYear ? 29 : (daysOfMonths[month - 1] ?? 0);
}

/** The instant of an RFC 3339 date-time, in milliseconds since 1970; undefined when the text is none. */
export function instantOf(text: string): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?(?:Z|([+-])(\d\d):(\d\d))$/.exec(
    text,
  );
  if (parts === null) return undefined;
  const numberAt = (index: number): number => Number(parts[index] ?? 0);
  const year = numberAt(1);
  const month = numberAt(2);
  const day = numberAt(3);
  const hour = numberAt(4);
  const minute = numberAt(5);
  const second = numberAt(6);
  const millisecond = Number((parts[7] ?? '').padEnd(3, '0'));
  const offsetHour = numberAt(9);
  const offsetMinute = numberAt(10);
  if (day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return undefined;

  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second, millisecond);
  const offset = (offsetHour * 60 + offsetMinute) * 60_000;
  return parts[8] === '-' ? local.getTime() + offset : local.getTime() - offset;
}

/** Whether a text is a tag. */
export function isTag(text: string): boolean {
  return /^[a-z0-9-]{1,20}$/.test(text);
}

function beginsAndEndsWell(text: string): boolean {
  return /^[A-Za-z0-9]/.test(text) && /[A-Za-z0-9]$/.test(text);
}

/** Whether a text looks like an e-mail address. Hand it short texts: it was not made for long ones. */
export function isEmail(text: string): boolean {
  const [local, domain, ...more] = text.split('@');
  if (local === undefined || domain === undefined || more.length > 0) return false;
  if (local.length > 64 || local.includes('..')) return false;
  if (!/^[A-Za-z0-9._+-]+$/.test(local) || !beginsAndEndsWell(local)) return false;

  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  if (labels.length < 2 || !/^[A-Za-z]{2,}$/.test(last)) return false;
  return labels.every((label) => /^[A-Za-z0-9-]+$/.test(label) && beginsAndEndsWell(label));
}

/** Whether a text is a web address. new URL() alone mends too much: `http:///x`, `http:x`, a tab in the host. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^/\\?#\s]+(?:[/?#]|$)/i.test(text) && URL.canParse(text);
}
