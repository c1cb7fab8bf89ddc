import { expect, test } from 'vitest';
import { awayText, dueText, fileTime, instantOf, zoneProblem } from './times.ts';

const BERLIN = 'Europe/Berlin';

test('a due time lasts to the end of the minute that is written', () => {
  expect(instantOf('2026-12-04 23:59', BERLIN, 'end')).toEqual({
    ok: true,
    at: Date.parse('2026-12-04T22:59:59.999Z'),
  });
  expect(instantOf('2026-12-04 23:59:30', BERLIN, 'end')).toEqual({
    ok: true,
    at: Date.parse('2026-12-04T22:59:30.999Z'),
  });
});

test('an opening time begins with what is written', () => {
  expect(instantOf('2026-07-01 08:00', BERLIN, 'start')).toEqual({
    ok: true,
    at: Date.parse('2026-07-01T06:00:00.000Z'),
  });
});

test('a time that the clocks pass over is refused, with one to write instead', () => {
  const skipped = instantOf('2026-03-29 02:30', BERLIN, 'end');
  expect(skipped).toMatchObject({ ok: false, problem: expect.stringContaining('"2026-03-29 03:30"') });
});

test('a time in a day that a country left out is refused', () => {
  expect(instantOf('2011-12-30 12:00', 'Pacific/Apia', 'end').ok).toBe(false);
});

test('of a time that comes twice, nobody loses the hour between', () => {
  const twice = '2026-10-25 02:30';
  expect(instantOf(twice, BERLIN, 'start')).toEqual({ ok: true, at: Date.parse('2026-10-25T00:30:00Z') });
  expect(instantOf(twice, BERLIN, 'end')).toEqual({ ok: true, at: Date.parse('2026-10-25T01:30:59.999Z') });
});

test.each([
  ['2026-02-30 23:59', 'The last one of that month is 2026-02-28'],
  ['2026-13-01 10:00', 'Months go from 01 to 12'],
  ['2026-12-04 24:00', '"2026-12-05 00:00"'],
  ['2026-12-04 25:10', 'hours go to 23'],
  ['2026-12-04 10:60', 'minutes'],
])('%s is refused with a remedy', (text, remedy) => {
  expect(instantOf(text, BERLIN, 'end')).toMatchObject({
    ok: false,
    problem: expect.stringContaining(remedy),
  });
});

test.each([BERLIN, 'UTC', 'America/Argentina/Buenos_Aires', 'Asia/Kathmandu'])('%s is a zone', (zone) => {
  expect(zoneProblem(zone)).toBeNull();
});

test.each([
  ['Europe/Berln', 'Did you mean Europe/Berlin?'],
  ['Berlin', 'Did you mean Europe/Berlin?'],
  ['new york', 'Did you mean America/New_York?'],
  ['+01:00', 'knows no summer time'],
  ['UTC+1', 'knows no summer time'],
  ['', 'Write one such as Europe/Berlin'],
])('the zone %j is refused with a remedy', (zone, remedy) => {
  expect(zoneProblem(zone)).toContain(remedy);
});

test('a due time is shown on the clock of its zone, with the year where it is another one', () => {
  const at = Date.parse('2026-12-04T22:59:59.999Z');
  expect(dueText(at, BERLIN, Date.parse('2026-12-01T12:00:00Z'))).toBe('Fri 4 Dec 23:59 Europe/Berlin');
  expect(dueText(at, BERLIN, Date.parse('2027-01-01T12:00:00Z'))).toBe('Fri 4 Dec 2026 23:59 Europe/Berlin');
});

test.each([
  [3 * 86_400_000 + 5, 'in 3 days'],
  [47 * 3_600_000, 'in 47 hours'],
  [3_600_000, 'in 1 hour'],
  [59_000, 'in less than a minute'],
  [0, 'in less than a minute'],
  [-1, 'less than a minute ago'],
  [-5 * 86_400_000, '5 days ago'],
])('%d ms away is said as "%s"', (ms, text) => {
  expect(awayText(1_000_000_000_000 + ms, 1_000_000_000_000)).toBe(text);
});

test('what a file says is read back as it was written', () => {
  for (const text of ['2026-12-04 23:59', '2026-12-04 23:58:07', '2026-07-04 00:00']) {
    const at = instantOf(text, BERLIN, 'end');
    expect(at.ok && fileTime(at.at, BERLIN)).toBe(text);
  }
});
