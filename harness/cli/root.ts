import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workbook's folder: built code lies in .workbook/build/ or one folder deeper. */
export const root: string = resolve(
  dirname(fileURLToPath(import.meta.url)).replace(/[\\/]\.workbook[\\/]build.*$/, ''),
);
