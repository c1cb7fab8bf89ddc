import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const UP_FILE = /^((\d+)_.+)\.up\.sql$/;

/** The number at the beginning of a migration's name. */
export function numberOf(name: string): number {
  return Number.parseInt(name, 10);
}

/** One migration of the folder: the text of its files, read when somebody asks for it. */
export class Migration {
  readonly name: string;
  readonly number: number;
  readonly #dir: string;

  constructor(dir: string, name: string) {
    this.#dir = dir;
    this.name = name;
    this.number = numberOf(name);
  }

  /** The same for CRLF and LF. Bytes that are no UTF-8 count too. */
  get checksum(): string {
    const bytes = readFileSync(this.#path('up')).toString('latin1').replaceAll('\r\n', '\n');
    return createHash('sha256').update(bytes, 'latin1').digest('hex');
  }

  get up(): string {
    return this.#read('up');
  }

  /** `null`: the migration is irreversible. */
  get down(): string | null {
    return existsSync(this.#path('down')) ? this.#read('down') : null;
  }

  #read(direction: 'up' | 'down'): string {
    return readFileSync(this.#path(direction), 'utf8').replaceAll('\r\n', '\n');
  }

  #path(direction: 'up' | 'down'): string {
    return join(this.#dir, `${this.name}.${direction}.sql`);
  }
}

/** The migrations of a folder, in the order of their numbers. */
export class MigrationFolder {
  readonly #dir: string;
  #migrations: readonly Migration[] | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  get migrations(): readonly Migration[] {
    this.#migrations ??= this.#list();
    return this.#migrations;
  }

  find(name: string): Migration | undefined {
    return this.migrations.find((migration) => migration.name === name);
  }

  /** The down file of a migration, also of one whose up file is gone. */
  downOf(name: string): string | null {
    return new Migration(this.#dir, name).down;
  }

  #list(): Migration[] {
    const found: Migration[] = [];
    for (const file of readdirSync(this.#dir)) {
      const name = UP_FILE.exec(file)?.[1];
      if (name === undefined || !statSync(join(this.#dir, file)).isFile()) continue;
      found.push(new Migration(this.#dir, name));
    }
    return found.sort((a, b) => a.number - b.number || (a.name < b.name ? -1 : 1));
  }
}
