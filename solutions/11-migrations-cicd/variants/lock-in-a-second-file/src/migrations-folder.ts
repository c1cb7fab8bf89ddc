import fs from 'node:fs';
import path from 'node:path';

/** One migration as it lies in the folder. */
export class MigrationFile {
  readonly name: string;
  readonly number: bigint;
  readonly #dir: string;

  constructor(dir: string, name: string) {
    this.#dir = dir;
    this.name = name;
    this.number = BigInt(name.slice(0, name.indexOf('_')));
  }

  text(direction: 'up' | 'down'): string {
    return fs
      .readFileSync(path.join(this.#dir, `${this.name}.${direction}.sql`), 'utf8')
      .replaceAll('\r\n', '\n');
  }

  get exists(): boolean {
    return fs.existsSync(path.join(this.#dir, `${this.name}.up.sql`));
  }

  get reversible(): boolean {
    return fs.existsSync(path.join(this.#dir, `${this.name}.down.sql`));
  }

  static all(dir: string): MigrationFile[] {
    return fs
      .readdirSync(dir)
      .filter((file) => /^[0-9]+_.*\.up\.sql$/.test(file))
      .map((file) => new MigrationFile(dir, path.basename(file, '.up.sql')))
      .sort(MigrationFile.compare);
  }

  static compare(this: void, one: MigrationFile, other: MigrationFile): number {
    if (one.number === other.number) return one.name.localeCompare(other.name);
    return one.number < other.number ? -1 : 1;
  }
}
