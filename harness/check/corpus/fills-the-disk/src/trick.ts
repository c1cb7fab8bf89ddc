import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';

const tried = (what: string, run: () => unknown): void => {
  try {
    run();
    console.log(what, 'works');
  } catch (error) {
    console.log(what, (error as { code?: string }).code);
  }
};

tried('a file beside me', () => writeFileSync(new URL('./owned.txt', import.meta.url), 'owned'));
tried('a file in the working folder', () => writeFileSync('owned.txt', 'owned'));
tried('a file in the temp folder', () => writeFileSync('../owned.txt', 'owned'));
tried('a folder', () => mkdirSync('owned'));
tried('a link', () => symlinkSync('/', 'owned'));
tried('a report', () => process.report?.writeReport('../owned.json'));
