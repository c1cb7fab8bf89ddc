/** When something was, in the zone of the assignment. */
export type Clock = (iso: string) => string;

/** `Thu 4 Dec 2031, 23:59`. What is no date is given back as it is. */
export function clockIn(timezone: string): Clock {
  const format = formatIn(timezone) ?? formatIn('UTC');
  return (iso) => {
    const at = Date.parse(iso);
    return Number.isNaN(at) || format === null ? iso : format.format(at).replace(/^(\w+),/, '$1');
  };
}

function formatIn(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', {
      ...{ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
      ...{ hour: '2-digit', minute: '2-digit', timeZone },
    });
  } catch {
    return null;
  }
}

/** `3 min` · `5 h 20 min` · `2 days 4 h` */
export function span(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = `${Math.floor(hours / 24)} ${hours < 48 ? 'day' : 'days'}`;
  return hours % 24 === 0 ? days : `${days} ${hours % 24} h`;
}

/** Two decimals at most, none where none are needed. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${Math.round((part / whole) * 100)} %`;
}

/** `R1 R3–R6 Q09`: ids of one letter whose numbers follow each other as a range. */
export function ranges(ids: readonly string[]): string {
  const runs: string[][] = [];
  for (const id of ids) {
    const last = runs.at(-1)?.at(-1);
    if (last !== undefined && follows(last, id)) runs.at(-1)?.push(id);
    else runs.push([id]);
  }
  return runs.map((run) => (run.length < 3 ? run.join(' ') : `${run[0]}–${run.at(-1)}`)).join(' ');
}

function follows(before: string, id: string): boolean {
  const [, letter, count] = /^(\D*)(\d+)$/.exec(before) ?? [];
  const [, sameLetter, next] = /^(\D*)(\d+)$/.exec(id) ?? [];
  return letter !== undefined && letter === sameLetter && Number(next) === Number(count) + 1;
}
