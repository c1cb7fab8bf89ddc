import { LEVELS, type Level } from './log.ts';

export type Config = {
  db: string;
  metricsToken: string;
  port: number;
  level: Level;
  drainMs: number;
  graceMs: number;
};

/** `problem` says what is wrong, never what the value was: it may be a secret. */
export type Problem = { variable: string; problem: string };

type Read<T> = { value: T } | { problem: string };

/** Reads the settings; names all that is wrong at once, so that nobody has to start five times. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
): { ok: true; config: Config } | { ok: false; problems: Problem[] } {
  const problems: Problem[] = [];
  const known = new Set<string>();
  const take = <T>(variable: string, read: (text: string) => Read<T>, usual?: T): T => {
    known.add(variable);
    const text = env[variable];
    if (text === undefined && usual !== undefined) return usual;
    const result = text === undefined ? { problem: 'missing' } : read(text);
    if ('value' in result) return result.value;
    problems.push({ variable, problem: result.problem });
    // Nobody sees it: with a problem there is no config.
    return undefined as T;
  };
  const config: Config = {
    db: take('APP_DB', (text) => (text === '' ? { problem: 'empty' } : { value: text })),
    metricsToken: take('APP_METRICS_TOKEN', (text) =>
      text.length < 16 ? { problem: 'shorter than 16 characters' } : { value: text },
    ),
    port: take('APP_PORT', whole(0, 65_535), 4000),
    level: take('APP_LOG_LEVEL', oneOf(LEVELS), 'info'),
    drainMs: take('APP_DRAIN_MS', whole(0, 60_000), 0),
    graceMs: take('APP_GRACE_MS', whole(1, 600_000), 10_000),
  };
  for (const variable of Object.keys(env)) {
    if (variable.startsWith('APP_') && !known.has(variable)) problems.push({ variable, problem: 'unknown' });
  }
  return problems.length === 0 ? { ok: true, config } : { ok: false, problems };
}

function whole(least: number, most: number) {
  return (text: string): Read<number> => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most
      ? { value }
      : { problem: `no whole number from ${least} to ${most}` };
  };
}

function oneOf<T extends string>(words: readonly T[]) {
  return (text: string): Read<T> => {
    const value = words.find((word) => word === text);
    return value === undefined ? { problem: `none of ${words.join(', ')}` } : { value };
  };
}
