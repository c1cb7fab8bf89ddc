import { DateTime } from 'luxon';
import { quoted } from '../../catalog/printable.ts';

/** A day more than now: clocks differ, and a table may be made in another zone. In milliseconds. */
const AHEAD = 24 * 60 * 60 * 1_000;

const FORM = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?) ?(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * The instant that a receive time means, in milliseconds since 1970: ISO 8601 with an offset (`2026-12-04T22:59:00Z`), or a
 * local time of `timezone` (`2026-12-04 23:59`). A local time that comes twice, when summer time ends, means the earlier.
 */
export function receivedAt(
  typed: string,
  timezone: string,
  now: number,
): { ok: true; at: number } | { ok: false; message: string } {
  const [, day = '', time = '', offset = ''] = FORM.exec(typed) ?? [];
  const wrong = (why: string): { ok: false; message: string } => ({
    ok: false,
    message: `${quoted(typed)} ${why}`,
  });
  if (day === '') return wrong(`is no time. ${WANTED}`);
  const local = `${day}T${time}`;
  const read = DateTime.fromISO(`${local}${offset.toUpperCase()}`, { zone: timezone });
  if (!read.isValid) return wrong(`does not exist (${read.invalidExplanation ?? 'no such time'}). ${WANTED}`);
  if (offset === '' && !local.startsWith(read.toFormat("yyyy-MM-dd'T'HH:mm")))
    return wrong(`does not exist in ${timezone}: clocks skip it. Write it with an offset.`);
  const at =
    offset === '' ? Math.min(...read.getPossibleOffsets().map((each) => each.toMillis())) : read.toMillis();
  if (at > now + AHEAD) return wrong('lies in the future. Write when it was received.');
  return { ok: true, at };
}

const WANTED = 'Write 2026-12-04 23:59, or 2026-12-04T23:59:00+01:00.';
