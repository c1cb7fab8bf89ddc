import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseRoster, readRoster } from './roster.ts';
import type { Roster } from './roster.ts';

const OPTIONS = { timezone: 'Europe/Berlin', now: Date.UTC(2026, 11, 10), folder: '/class' };

function read(text: string): Roster {
  const parsed = parseRoster(text, OPTIONS);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.roster;
}

function refused(text: string): string {
  const parsed = parseRoster(text, OPTIONS);
  return parsed.ok ? 'read' : parsed.message;
}

/** The problems, a line each. */
const said = ({ problems }: Roster): string[] =>
  problems.map(({ line, column, message }) => `${line} ${column}: ${message}`);

describe('a table as it comes', () => {
  test('columns in any order and case, with a byte order mark, quotes, CRLF and empty lines', () => {
    const roster = read(
      '\ufeffRepo,NAME,Student\r\n"sub/a,b","Dot ""D"" Comma",s-1\r\n\r\nhttps://example.org/x.git,,s-2\r\n',
    );
    expect(roster.problems).toEqual([]);
    expect(roster.rows).toMatchObject([
      { line: 2, student: 's-1', name: 'Dot "D" Comma', repo: 'sub/a,b', target: '/class/sub/a,b' },
      { line: 4, student: 's-2', name: null, target: 'https://example.org/x.git', received: null },
    ]);
  });

  test('semicolons and tabs, as spreadsheets write them', () => {
    expect(read('student;repo;name\ns-1;a;X, Y\n').rows).toMatchObject([{ student: 's-1', name: 'X, Y' }]);
    expect(read('student\trepo\ns-1\ta\n').rows).toMatchObject([{ student: 's-1', repo: 'a' }]);
  });

  test('a cell of two lines does not shift the lines of the rows after it', () => {
    const roster = read('student,repo,name\ns-1,a,"one\ntwo"\ns-2,,x\n');
    expect(roster.rows.map(({ line }) => line)).toEqual([2, 4]);
    expect(said(roster)).toEqual([expect.stringMatching(/^4 repo: It is empty/)]);
  });

  test('10,000 rows, each of its own, within a second or two', () => {
    const rows = Array.from({ length: 10_000 }, (_, index) => `s-${index},repos/${index},"N, ${index}"`);
    const begun = performance.now();
    const roster = read(`student,repo,name\n${rows.join('\n')}\n`);
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(roster.problems).toEqual([]);
    expect(new Set(roster.rows.map(({ target }) => target)).size).toBe(10_000);
  });

  test('a file is read from where it lies, and a file of another encoding is told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'workbook-roster-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'roster.csv');
    writeFileSync(file, 'student,repo\ns-1,subs/s-1\n');
    const good = readRoster(file, OPTIONS);
    expect(good.ok && good.roster.rows[0]?.target).toBe(join(folder, 'subs', 's-1'));
    writeFileSync(file, Buffer.from('student,repo\ns-1,\xff\n', 'latin1'));
    expect(readRoster(file, OPTIONS)).toMatchObject({
      ok: false,
      message: expect.stringContaining('CSV UTF-8'),
    });
    expect(readRoster(join(folder, 'none.csv'), OPTIONS).ok).toBe(false);
  });
});

describe('a table that cannot be used', () => {
  test.each([
    ['nothing', '', /is empty/],
    ['no repo', 'student,name\ns-1,x\n', /Line 1 of the roster: The column repo is missing/],
    ['both missing', 'a,b\n1,2\n', /student is missing\. The column repo is missing/],
    ['a column twice', 'student,repo,Repo\ns,a,b\n', /repo is there twice/],
    ['an open quote', 'student,repo\ns-1,"a\n', /quote is not closed/],
  ])('%s', (_what, text, message) => {
    expect(refused(text)).toMatch(message);
  });
});

describe('rows', () => {
  test('every problem is named at once, with line, column and remedy, and the others go on', () => {
    const roster = read(
      [
        'student,repo,received',
        's-1,a,',
        ',b,',
        '../s,c,',
        's-4,,',
        's-5,e,2026-02-30 10:00',
        's-6,https://user:secret@example.org/x,',
        's-7,g,tomorrow',
        'CON,h,',
        's-9,i,',
        'S-9,j,',
        's-10,k,2027-01-01 00:00',
      ].join('\n'),
    );
    expect(said(roster)).toEqual([
      expect.stringMatching(/^3 student: It is empty\. Give/),
      expect.stringMatching(/^4 student: "\.\.\/s" is not fit for a file name: take/),
      expect.stringMatching(/^5 repo: It is empty\. Name/),
      expect.stringMatching(/^6 received: "2026-02-30 10:00" does not exist/),
      expect.stringMatching(/^7 repo: The address holds a user name or a password/),
      expect.stringMatching(/^8 received: "tomorrow" is no time\. Write/),
      expect.stringMatching(/^9 student: "CON" is not fit/),
      expect.stringMatching(/^11 student: "s-9" is there more than once, on the lines 10 and 11\. Leave/),
      expect.stringMatching(/^12 received: .* lies in the future/),
    ]);
    expect(roster.rows.map(({ student, problem }) => [student, problem === null])).toEqual([
      ['s-1', true],
      ['s-4', false],
      ['s-5', false],
      ['s-6', false],
      ['s-7', false],
      ['s-9', false],
      ['s-10', false],
    ]);
    expect(JSON.stringify(roster)).not.toContain('secret');
  });

  test('a column that is nearly one of ours is asked about, and others are left alone', () => {
    expect(said(read('student,repo,recieved,section\ns-1,a,x,y\n'))).toEqual([
      '1 null: "recieved" is not read. Was "received" meant?',
    ]);
  });

  test.each([
    ['2026-12-04 23:59', '2026-12-04T22:59:00.000Z'],
    ['2026-12-04T23:59:30', '2026-12-04T22:59:30.000Z'],
    ['2026-12-04T23:59:00Z', '2026-12-04T23:59:00.000Z'],
    ['2026-12-04T23:59:00-05:00', '2026-12-05T04:59:00.000Z'],
    ['2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
  ])('received %s is %s', (typed, instant) => {
    const [row] = read(`student,repo,received\ns-1,a,${typed}\n`).rows;
    expect(new Date(row?.received ?? 0).toISOString()).toBe(instant);
  });

  test('a time that clocks skip is refused', () => {
    expect(said(read('student,repo,received\ns-1,a,2026-03-29 02:30\n'))).toEqual([
      expect.stringContaining('does not exist in Europe/Berlin: clocks skip it'),
    ]);
  });
});
