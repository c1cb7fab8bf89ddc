/** How the way to Redis is disturbed. `down`: nobody listens. `hang`: bytes are taken and held. `garbage`: no RESP comes back. */
export type RedisFault = 'none' | 'down' | 'hang' | 'garbage';

/** What the process that holds Redis is asked. Every request has an id; every reply names it. */
export type RedisRequest =
  /** A rule begins: an empty Redis on a port of its own, its clock at `now` (milliseconds since 1970). */
  | { op: 'begin'; now: number }
  /** One command, past all faults: what it answers is what the program's Redis really holds. */
  | { op: 'command'; words: readonly string[] }
  | { op: 'fault'; fault: RedisFault }
  /** Moves the clock of Redis, in milliseconds. A real server's clock cannot be moved. */
  | { op: 'advance'; ms: number };

/** A reply of Redis as plain data. */
export type RedisValue = string | number | null | RedisValue[];

export type RedisReply = { ok: true; value: RedisValue } | { ok: false; why: string };

/** To the thread that holds Valkey, and back. */
export type EngineRequest = { ms: number };
export type EngineEvent = { event: 'listening'; port: number } | { event: 'moved' };
export type EngineStart = { module: object; now: number };
