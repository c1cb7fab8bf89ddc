import { stringify } from 'csv-stringify/sync';
import { neutralise } from '../../verdict/neutralise.ts';

/** What a spreadsheet takes for the start of a formula, after spaces as well, and in its full-width forms. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** Text that a spreadsheet shows and never computes: an apostrophe in front says that it is text (OWASP, "CSV Injection"). */
export function formulaSafe(value: string): string {
  const text = neutralise(value);
  return formula.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
}

/**
 * One field of a CSV file (RFC 4180). Numbers stay numbers. Text that a spreadsheet would compute gets an apostrophe in
 * front, which spreadsheets show as text (OWASP, "CSV Injection").
 */
export function csvField(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return `"${formulaSafe(value).replaceAll('"', '""')}"`;
}

/** What may stand in a cell. `null` leaves it empty. */
export type Cell = string | number | null;

/** A table as CSV (RFC 4180: CRLF, quotes doubled). Text is quoted and cannot become a formula; numbers stay numbers. */
export function csvTable(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'string' ? formulaSafe(cell) : cell))),
    { quoted_string: true, record_delimiter: 'windows' },
  );
}
