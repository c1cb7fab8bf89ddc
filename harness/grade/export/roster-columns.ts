import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { failureText, readTextFile } from '../../catalog/regular-file.ts';
import type { Roster } from './columns.ts';

const LARGEST = 16 * 1024 * 1024;

/** Reads all columns of a roster, for exports that need more than a sweep keeps. It must have a column `student`. */
export function readRosterColumns(
  file: string,
): { ok: true; roster: Roster; columns: string[] } | { ok: false; message: string } {
  const wrong = (why: string): { ok: false; message: string } => ({ ok: false, message: `${file}: ${why}` });
  const read = readTextFile(file, LARGEST);
  if (!read.ok) return wrong(failureText(read, LARGEST));
  let rows: string[][];
  try {
    const options = { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true };
    rows = z.array(z.array(z.string())).parse(parse(read.text, options));
  } catch (error) {
    return wrong(
      `It is no CSV file that can be read (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
  const [columns = [], ...students] = rows;
  const at = columns.indexOf('student');
  if (at < 0) return wrong(`It has no column "student". Its columns are ${columns.join(', ')}.`);
  const roster = new Map(
    students.map((row) => [
      row[at] ?? '',
      new Map(columns.map((column, index) => [column, row[index] ?? ''])),
    ]),
  );
  return { ok: true, roster, columns };
}
