export type Config = {
  port: number;
  databaseUrl: string;
  redisUrl: string;
  sessionSecret: string;
};

/** Reads the configuration from the environment, and refuses to start without it. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  return {
    port: Number(env['PORT'] ?? 3000),
    databaseUrl: required(env, 'DATABASE_URL'),
    redisUrl: required(env, 'REDIS_URL'),
    sessionSecret: required(env, 'SESSION_SECRET'),
  };
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set`);
  return value;
}
