const levels = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof levels)[number];

export function isLevel(text: string): text is Level {
  return (levels as readonly string[]).includes(text);
}

type Fields = Record<string, unknown>;

/** Writes lines of JSON; `about()` makes a journal whose lines all carry some fields more. */
export class Journal {
  private readonly now: () => number;
  private readonly sink: (text: string) => unknown;
  private readonly least: number;
  private readonly common: Fields;

  constructor(
    now: () => number,
    sink: (text: string) => unknown,
    least: Level = 'debug',
    common: Fields = {},
  ) {
    this.now = now;
    this.sink = sink;
    this.least = levels.indexOf(least);
    this.common = common;
  }

  about(fields: Fields): Journal {
    return new Journal(this.now, this.sink, levels[this.least], { ...this.common, ...fields });
  }

  line(level: Level, msg: string, fields: Fields = {}): void {
    if (levels.indexOf(level) < this.least) return;
    const time = new Date(this.now()).toISOString();
    this.sink(`${JSON.stringify({ level, time, ...this.common, ...fields, msg })}\n`);
  }
}

export function stackOf(thrown: unknown): string {
  if (thrown instanceof Error && typeof thrown.stack === 'string') {
    return thrown.stack.includes(thrown.message) ? thrown.stack : `${thrown.message}\n${thrown.stack}`;
  }
  return `thrown: ${String(thrown)}`;
}
