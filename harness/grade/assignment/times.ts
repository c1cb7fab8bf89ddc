import { distance } from 'fastest-levenshtein';
import { DateTime, IANAZone } from 'luxon';

/** `at`: milliseconds since 1970, UTC. `problem`: a sentence with what to write instead. */
export type Instant = { ok: true; at: number } | { ok: false; problem: string };

/** A time of day as people write it: `2026-12-04 23:59`, seconds may follow. */
export const LOCAL_TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}):(\d{2})(?::(\d{2}))?$/;

/** Why `zone` is none that is known here, as a sentence with what to write; null: it is one. */
export function zoneProblem(zone: string): string | null {
  // An offset is a zone for some versions of Node.js, but it knows nothing of summer time.
  if (/^(UTC|GMT)?\s*[+-]\s*\d/i.test(zone))
    return `An offset such as ${zone} knows no summer time. Name the place, for example Europe/Berlin.`;
  if (zone !== '' && IANAZone.isValidZone(zone)) return null;
  const near = nearestZone(zone);
  const next = near === null ? 'Write one such as Europe/Berlin or UTC.' : `Did you mean ${near}?`;
  return `There is no time zone called ${zone === '' ? '""' : zone}. ${next}`;
}

function nearestZone(typed: string): string | null {
  const wanted = typed.trim().toLowerCase().replaceAll(' ', '_');
  if (wanted.length < 3 || wanted.length > 60) return null;
  const zones = Intl.supportedValuesOf('timeZone');
  const city = zones.find((zone) => zone.toLowerCase().endsWith(`/${wanted}`));
  if (city !== undefined) return city;
  const [nearest] = zones
    .map((zone) => ({ zone, letters: distance(zone.toLowerCase(), wanted) }))
    .toSorted((a, b) => a.letters - b.letters);
  return nearest !== undefined && nearest.letters <= 3 ? nearest.zone : null;
}

/**
 * The instant of a local time in a zone that is known. `edge`: `end` of what is written, as for a due time (23:59 lasts
 * until the next minute begins, 23:59:30 until the next second), or its `start`.
 *
 * Twice a year clocks change. A time that they pass over is refused: people would not agree which instant it is. Of a time
 * that comes twice the later one is the `end`, the earlier one the `start`: nobody loses an hour by it.
 */
export function instantOf(text: string, zone: string, edge: 'start' | 'end'): Instant {
  const parts = LOCAL_TIME.exec(text);
  if (parts === null) return { ok: false, problem: `It is no time such as "2026-12-04 23:59".` };
  const [, date = '', hour = '', minute = '', second] = parts;
  const day = DateTime.fromISO(date, { zone: 'utc' });
  if (!day.isValid) return { ok: false, problem: `There is no day ${date}.${lastDay(date)}` };
  const [hours, minutes, seconds] = [hour, minute, second ?? '0'].map(Number) as [number, number, number];
  if (hours === 24 && minutes === 0)
    return {
      ok: false,
      problem: `Write 24:00 as "${date} 23:59", or as "${day.plus({ days: 1 }).toISODate()} 00:00".`,
    };
  if (hours > 23 || minutes > 59 || seconds > 59)
    return {
      ok: false,
      problem: `There is no time of day ${text.slice(11)}: hours go to 23, minutes and seconds to 59.`,
    };
  const wall = {
    year: day.year,
    month: day.month,
    day: day.day,
    hour: hours,
    minute: minutes,
    second: seconds,
  };
  const first = DateTime.fromObject(wall, { zone });
  if (!first.isValid) return { ok: false, problem: zoneProblem(zone) ?? 'It is no time that is known here.' };
  if (first.hour !== hours || first.minute !== minutes || first.day !== day.day) {
    const same = first.toFormat('yyyy-MM-dd HH:mm');
    return {
      ok: false,
      problem: `In ${zone} there is no ${text.slice(11)} on ${date}: the clocks are put forward then. Write a time before or after the change, for example "${same}".`,
    };
  }
  const both = first.getPossibleOffsets().map((each) => each.toMillis());
  if (edge === 'start') return { ok: true, at: Math.min(...both) };
  return { ok: true, at: Math.max(...both) + (second === undefined ? 60_000 : 1000) - 1 };
}

/** `2026-02-30` → what the last day of that month is, for whoever meant it. */
function lastDay(date: string): string {
  const month = DateTime.fromISO(`${date.slice(0, 7)}-01`, { zone: 'utc' });
  if (!month.isValid) return ' Months go from 01 to 12.';
  return ` The last one of that month is ${month.endOf('month').toISODate()}.`;
}

/** `Fri 4 Dec 23:59 Europe/Berlin`; with the year where it is not the year of `now`. */
export function dueText(at: number, zone: string, now: number): string {
  const local = DateTime.fromMillis(at, { zone, locale: 'en-GB' });
  const today = DateTime.fromMillis(now, { zone });
  return `${local.toFormat(local.year === today.year ? 'ccc d LLL HH:mm' : 'ccc d LLL yyyy HH:mm')} ${zone}`;
}

/** The same time to the second, as it stands in a file: `2026-12-04 23:59`. */
export function fileTime(at: number, zone: string): string {
  const local = DateTime.fromMillis(at, { zone });
  return local.toFormat(
    local.second === 0 || local.second === 59 ? 'yyyy-MM-dd HH:mm' : 'yyyy-MM-dd HH:mm:ss',
  );
}

/** `in 3 days` · `in 5 hours` · `2 days ago`: how far away something is, in words that are never too hopeful. */
export function awayText(at: number, now: number): string {
  const away = Math.abs(at - now);
  const units: [name: string, ms: number][] = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ];
  for (const [name, ms] of units) {
    const count = Math.floor(away / ms);
    // "In 1 day" of 47 hours would frighten: hours say it better.
    if (count < (name === 'day' ? 2 : 1)) continue;
    const amount = `${count} ${name}${count === 1 ? '' : 's'}`;
    return at >= now ? `in ${amount}` : `${amount} ago`;
  }
  return at >= now ? 'in less than a minute' : 'less than a minute ago';
}
