import { type Level, LEVELS } from './log.ts';

export type Config = {
  APP_DB: string;
  APP_METRICS_TOKEN: string;
  APP_PORT: number;
  APP_LOG_LEVEL: Level;
  APP_DRAIN_MS: number;
  APP_GRACE_MS: number;
};

type Reader<Value> = { otherwise?: string; read: (text: string) => Value | undefined };

const whole = (least: number, most: number, otherwise: string): Reader<number> => ({
  otherwise,
  read: (text) => {
    const value = /\D/.test(text) || text === '' ? NaN : Number(text);
    return value >= least && value <= most ? value : undefined;
  },
});
const atLeast = (length: number): Reader<string> => ({
  read: (text) => (text.length >= length ? text : undefined),
});

const READERS: { [Name in keyof Config]: Reader<Config[Name]> } = {
  APP_DB: atLeast(1),
  APP_METRICS_TOKEN: atLeast(16),
  APP_PORT: whole(0, 65535, '4000'),
  APP_LOG_LEVEL: {
    otherwise: 'info',
    read: (text) => (Object.hasOwn(LEVELS, text) ? (text as Level) : undefined),
  },
  APP_DRAIN_MS: whole(0, 60_000, '0'),
  APP_GRACE_MS: whole(1, 600_000, '10000'),
};

/** The settings, or the names of all variables that are wrong. */
export function parse(env: NodeJS.ProcessEnv): { config: Config } | { wrong: string[] } {
  const wrong = Object.keys(env).filter((name) => name.startsWith('APP_') && !Object.hasOwn(READERS, name));
  const pairs = Object.entries(READERS).map(([name, reader]: [string, Reader<unknown>]) => {
    const text = env[name] ?? reader.otherwise;
    const value = text === undefined ? undefined : reader.read(text);
    if (value === undefined) wrong.push(name);
    return [name, value] as const;
  });
  return wrong.length > 0 ? { wrong } : { config: Object.fromEntries(pairs) as Config };
}
