/** A file of the learner, read as YAML: plain data, and where each part of it stands. */
export class Yaml {
  readonly file: string;
  readonly value: unknown;
  private readonly lines: Readonly<Record<string, number>>;

  constructor(file: string, value: unknown, lines: Readonly<Record<string, number>>) {
    this.file = file;
    this.value = value;
    this.lines = lines;
  }

  /** What stands at a path of keys and indices; undefined: nothing. */
  at(...path: readonly (string | number)[]): unknown {
    let value = this.value;
    for (const key of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string | number, unknown>)[key];
    }
    return value;
  }

  /** Where the part at a path stands, such as `ci.yml, line 12`; of the nearest part around it when it is missing. */
  place(...path: readonly (string | number)[]): string {
    for (let length = path.length; length > 0; length--) {
      const pointer = path
        .slice(0, length)
        .map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`)
        .join('');
      const line = this.lines[pointer];
      if (line !== undefined) return `${this.file}, line ${line}`;
    }
    return this.file;
  }
}
