// canary 87924f667f866a8ee0158f1c
import { Unmet } from '#suite';
import type { SqlRows } from '#suite';
import { literal } from './shop.ts';
import type { Value } from './shop.ts';

/** One row of an answer, in the order of the columns. */
export type Row = Value[];

/** How an answer looks. */
export type Layout = {
  /** The names of the columns in order, as a learner reads them. */
  columns: readonly string[];
  /** Which of the columns are averages, by position: those may be rounded to two decimals. */
  averages?: readonly number[];
  /** The order in words, where the question asks for one. */
  ordered?: string;
  /** What holds the rows. Default: the learner's result. */
  subject?: string;
};

/** What an average may be off: it is exact, or rounded to two decimals. */
const ROUNDING = 0.005 + 1e-9;

/** So many rows are shown on one side. */
const SHOWN = 6;

/** What is wrong with the rows that came, or null. Without `ordered` their order does not matter. */
export function compare(layout: Layout, expected: readonly Row[], got: SqlRows, sent: string): Unmet | null {
  const { columns: names, averages = [], ordered, subject = 'your result' } = layout;
  if (got.columns.length !== names.length) {
    return new Unmet({ expected: columnsText(names), got: columnsText(got.columns), sent });
  }
  const left = [...expected];
  const tooMany: string[] = [];
  for (const row of got.rows) {
    const at = left.findIndex((each) => sameRow(each, row, averages));
    if (at >= 0) left.splice(at, 1);
    else {
      const again = expected.some((each) => sameRow(each, row, averages));
      tooMany.push(`${showRow(row)}${again ? '  once more' : ''}`);
    }
  }
  if (left.length > 0 || tooMany.length > 0) {
    const missing = left.map((row) => showRow(row, averages));
    return new Unmet({
      expected: listed(rowsText(expected.length), missing, `missing in ${subject}`),
      got: listed(rowsText(got.rows.length), tooMany, 'not expected'),
      sent,
    });
  }
  if (ordered === undefined || got.rows.every((row, at) => sameRow(expected[at] as Row, row, averages))) {
    return null;
  }
  return new Unmet({
    expected: [
      `these rows, ordered by ${ordered}:`,
      ...few(expected.map((row) => showRow(row, averages))),
    ].join('\n'),
    got: ['the same rows in another order:', ...few(got.rows.map((row) => showRow(row)))].join('\n'),
    sent,
  });
}

/** The same failure with what was asked. */
export function asked(error: Unmet, sent: string): Unmet {
  const { expected, got, reason: cause, hint: note } = error;
  return new Unmet({ expected, got, sent, cause, note });
}

/** A row in brackets. Averages with two decimals at most. */
export function showRow(row: readonly unknown[], averages: readonly number[] = []): string {
  const rounded = (value: unknown, at: number) =>
    typeof value === 'number' && averages.includes(at) ? Number(value.toFixed(2)) : value;
  return `(${row.map((value, at) => literal(rounded(value, at))).join(', ')})`;
}

export function sameRow(
  expected: readonly Value[],
  got: readonly unknown[],
  averages: readonly number[],
): boolean {
  return expected.every((value, at) => sameValue(value, got[at], averages.includes(at)));
}

function sameValue(expected: Value, got: unknown, isAverage: boolean): boolean {
  if (isAverage && typeof expected === 'number' && typeof got === 'number') {
    return Math.abs(expected - got) <= ROUNDING;
  }
  return got === expected;
}

function listed(count: string, rows: readonly string[], what: string): string {
  return rows.length === 0 ? count : [`${count}; ${what}:`, ...few(rows)].join('\n');
}

function few(rows: readonly string[]): string[] {
  const shown =
    rows.length <= SHOWN + 1 ? rows : [...rows.slice(0, SHOWN), `and ${rows.length - SHOWN} more`];
  return shown.map((row) => `  ${row}`);
}

function rowsText(count: number): string {
  return count === 0 ? 'no rows' : count === 1 ? '1 row' : `${count} rows`;
}

function columnsText(names: readonly string[]): string {
  return names.length === 0
    ? 'no columns'
    : `${names.length} column${names.length === 1 ? '' : 's'}: ${names.join(', ')}`;
}
