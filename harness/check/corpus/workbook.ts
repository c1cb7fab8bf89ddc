import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workbook that this file is a part of: as a source, or built into .workbook/build. */
const real = dirname(fileURLToPath(import.meta.url)).replace(
  /[\\/](?:\.workbook[\\/]build|harness[\\/]check[\\/]corpus)(?:[\\/].*)?$/,
  '',
);

/** The folder that holds the corpus: one folder for each subject. */
export const corpusFolder = join(real, 'harness', 'check', 'corpus');

/** Where systems look for the temp folder. */
const TEMP_NAMES = ['TMPDIR', 'TEMP', 'TMP'];

/**
 * A copy of the workbook below the temp folder, and a temp folder of its own for all that is started from here. Hostile
 * files may lie anywhere in it, the learner's progress is not touched, and what is left behind is found in one place.
 */
export class CorpusWorkbook {
  readonly root: string;
  readonly build: string;
  /** Where hosts get their scratch folders: the temp folder of this process and of its children. */
  readonly temp: string;
  private readonly base: string;
  private readonly before = new Map(TEMP_NAMES.map((name) => [name, process.env[name]]));

  constructor() {
    this.base = realpathSync(mkdtempSync(join(tmpdir(), 'corpus-')));
    this.root = join(this.base, 'book');
    this.temp = join(this.base, 'temp');
    this.build = join(this.root, '.workbook', 'build');
    mkdirSync(this.temp);
    for (const each of ['package.json', '.workbook/build', 'exercises', 'solutions']) {
      cpSync(join(real, each), join(this.root, each), { recursive: true });
    }
    symlinkSync(join(real, 'node_modules'), join(this.root, 'node_modules'), 'junction');
    for (const name of TEMP_NAMES) process.env[name] = this.temp;
  }

  /** Folders of this run and what is written in their place. */
  get places(): ReadonlyMap<string, string> {
    return new Map([
      [this.root, '‹workbook›'],
      [this.temp, '‹temp›'],
    ]);
  }

  /** Files and folders that somebody left in the temp folder. */
  leftovers(): string[] {
    return existsSync(this.temp) ? readdirSync(this.temp) : [];
  }

  remove(): void {
    for (const [name, value] of this.before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(this.base, { recursive: true, force: true, maxRetries: 3 });
  }
}
