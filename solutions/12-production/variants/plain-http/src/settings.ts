import { isLevel, type Level } from './journal.ts';

export type Settings = {
  file: string;
  metricsToken: string;
  port: number;
  level: Level;
  drainMs: number;
  graceMs: number;
};

/** Reads one variable after the other, and remembers what was wrong with each. */
export class Environment {
  readonly complaints: string[] = [];
  private readonly variables: NodeJS.ProcessEnv;
  private readonly known = new Set<string>();

  constructor(variables: NodeJS.ProcessEnv) {
    this.variables = variables;
  }

  text(name: string, least: number): string {
    this.known.add(name);
    const value = this.variables[name] ?? '';
    if (value.length < least) this.complaints.push(`${name} must be there, with ${least} characters or more`);
    return value;
  }

  number(name: string, least: number, most: number, otherwise: number): number {
    this.known.add(name);
    const value = this.variables[name];
    if (value === undefined) return otherwise;
    if (/^[0-9]+$/.test(value) && Number(value) >= least && Number(value) <= most) return Number(value);
    this.complaints.push(`${name} must be a whole number from ${least} to ${most}`);
    return otherwise;
  }

  level(name: string): Level {
    this.known.add(name);
    const value = this.variables[name] ?? 'info';
    if (isLevel(value)) return value;
    this.complaints.push(`${name} must be debug, info, warn or error`);
    return 'info';
  }

  strangers(prefix: string): void {
    for (const name of Object.keys(this.variables)) {
      if (name.startsWith(prefix) && !this.known.has(name)) this.complaints.push(`nobody knows ${name}`);
    }
  }
}

export function readSettings(environment: Environment): Settings {
  const settings = {
    file: environment.text('APP_DB', 1),
    metricsToken: environment.text('APP_METRICS_TOKEN', 16),
    port: environment.number('APP_PORT', 0, 65_535, 4000),
    level: environment.level('APP_LOG_LEVEL'),
    drainMs: environment.number('APP_DRAIN_MS', 0, 60_000, 0),
    graceMs: environment.number('APP_GRACE_MS', 1, 600_000, 10_000),
  };
  environment.strangers('APP_');
  return settings;
}
