import { neutralise } from '../../verdict/neutralise.ts';

/** What a spreadsheet takes for the start of a formula, after spaces as well, and in its full-width forms. */
const formula = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/**
 * One field of a CSV file (RFC 4180). Numbers stay numbers. Text that a spreadsheet would compute gets an apostrophe in
 * front, which spreadsheets show as text (OWASP, "CSV Injection").
 */
export function csvField(value: string | number): string {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = neutralise(value);
  const safe = formula.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
