export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** Writes one line of JSON. Fields that are undefined are left out. */
export type Log = (level: Level, msg: string, fields?: Record<string, unknown>) => void;

export type LogOptions = {
  write: (text: string) => unknown;
  now: () => number;
  /** Lines below it are left out. */
  least: Level;
};

export function createLog({ write, now, least }: LogOptions): Log {
  return (level, msg, fields) => {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level, msg, ...fields })}\n`);
  };
}

/** The stack of whatever was thrown, with its message, and without the texts that must not be logged. */
export function stackOf(thrown: unknown, secrets: readonly string[]): string {
  let text: string;
  try {
    if (thrown instanceof Error) {
      const stack = String(thrown.stack ?? '');
      text = stack.includes(thrown.message) ? stack : `${thrown.name}: ${thrown.message}\n${stack}`;
    } else {
      text = `thrown: ${String(thrown)}`;
    }
  } catch {
    text = 'a value that cannot be shown was thrown';
  }
  return redact(text, secrets);
}

/** A text of less than four characters is no secret, and would be found everywhere. */
export function redact(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  const longestFirst = forms.filter((form) => form.length > 3).sort((a, b) => b.length - a.length);
  return longestFirst.reduce((rest, form) => rest.replaceAll(form, '[redacted]'), text);
}
