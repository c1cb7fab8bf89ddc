import type { ConnectionOptions } from 'bullmq';

/** How long a Redis may take to answer for the first time, in milliseconds. */
const ANSWERS_WITHIN = 5_000;

/** What BullMQ is told of a Redis. A connection that breaks is tried again: machines of one's own come and go. */
export function connectionTo(address: string): ConnectionOptions {
  const { protocol, hostname, port, username, password, pathname } = new URL(address);
  const db = Number(pathname.slice(1));
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || 6379),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(Number.isInteger(db) ? { db } : {}),
    ...(protocol === 'rediss:' ? { tls: { servername: hostname } } : {}),
    maxRetriesPerRequest: null,
  };
}

/** The address as it may be shown: without its password. */
export function shownAddress(address: string): string {
  const url = new URL(address);
  url.password = '';
  url.username = '';
  return url.href;
}

/** Waits for what has to answer soon. Null: it did; else why not. */
export async function answers(ready: Promise<unknown>): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${ANSWERS_WITHIN / 1_000} seconds`), ANSWERS_WITHIN);
  });
  try {
    return await Promise.race([ready.then(() => null), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
