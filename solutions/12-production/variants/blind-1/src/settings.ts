import { levels, type Level } from './log.ts';

export type Settings = {
  db: string;
  metricsToken: string;
  port: number;
  logLevel: Level;
  drainMs: number;
  graceMs: number;
};

/** What is wrong with one variable. It never holds the variable's value. */
export type Fault = { variable: string; reason: string };

export type SettingsResult = { ok: true; settings: Settings } | { ok: false; faults: Fault[] };

const KNOWN = new Set([
  'APP_DB',
  'APP_METRICS_TOKEN',
  'APP_PORT',
  'APP_LOG_LEVEL',
  'APP_DRAIN_MS',
  'APP_GRACE_MS',
]);

/** Reads the environment once, and collects every fault instead of stopping at the first. */
class EnvironmentReader {
  readonly faults: Fault[] = [];
  readonly #env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  text(variable: string, minLength: number): string {
    const value = this.#env[variable];
    if (value === undefined) return this.#refuse(variable, 'is missing', '');
    if (value.length < minLength) {
      return this.#refuse(variable, `must have ${minLength} characters or more`, '');
    }
    return value;
  }

  wholeNumber(variable: string, fallback: number, min: number, max: number): number {
    const value = this.#env[variable];
    if (value === undefined) return fallback;
    const number = /^[0-9]+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return number;
    return this.#refuse(variable, `must be a whole number from ${min} to ${max}`, fallback);
  }

  oneOf<Word extends string>(variable: string, fallback: Word, words: readonly Word[]): Word {
    const value = this.#env[variable];
    if (value === undefined) return fallback;
    const found = words.find((word) => word === value);
    return found ?? this.#refuse(variable, `must be one of ${words.join(', ')}`, fallback);
  }

  refuseUnknown(prefix: string): void {
    for (const name of Object.keys(this.#env)) {
      if (name.startsWith(prefix) && !KNOWN.has(name)) this.#refuse(name, 'is not a known setting', null);
    }
  }

  #refuse<Value>(variable: string, reason: string, standIn: Value): Value {
    this.faults.push({ variable, reason });
    return standIn;
  }
}

export function readSettings(env: NodeJS.ProcessEnv): SettingsResult {
  const reader = new EnvironmentReader(env);
  const settings: Settings = {
    db: reader.text('APP_DB', 1),
    metricsToken: reader.text('APP_METRICS_TOKEN', 16),
    port: reader.wholeNumber('APP_PORT', 4_000, 0, 65_535),
    logLevel: reader.oneOf('APP_LOG_LEVEL', 'info', levels),
    drainMs: reader.wholeNumber('APP_DRAIN_MS', 0, 0, 60_000),
    graceMs: reader.wholeNumber('APP_GRACE_MS', 10_000, 1, 600_000),
  };
  reader.refuseUnknown('APP_');
  return reader.faults.length === 0 ? { ok: true, settings } : { ok: false, faults: reader.faults };
}
