import { once } from 'node:events';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { ProbeRequest } from './messages.ts';
import { runProbe, startProbe } from './process.ts';
import type { ProbeAccess, ProbePlace, StartedProbe } from './process.ts';
import { databaseAccess } from './spare.ts';

/** Rows of the last statement, or why there are none, as a sentence for the learner. */
export type SqlOutcome = { ok: true; rows: Record<string, unknown>[] } | { ok: false; why: string };

/** A database that another process holds for itself. */
export type Lock = { release(): Promise<void> };

const LIMITS = { within: 5_000, most: 8 << 20 };

const shape = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), rows: z.array(z.record(z.string(), z.unknown())) }),
  z.object({ ok: z.literal(false), why: z.string() }),
]);

/** Runs statements on a database, in one transaction. `place`: of the probes; `file`: absolute; `within`: milliseconds; `started`: a spare probe. */
export async function queryDatabase(
  place: ProbePlace,
  file: string,
  statements: { sql: string; params: unknown }[],
  within: number = LIMITS.within,
  started?: StartedProbe,
): Promise<SqlOutcome> {
  return await ask(place, { op: 'run', file, statements }, within, started);
}

/** Every value of every table: rows `{ table, column, value }`. */
export async function dumpDatabase(
  place: ProbePlace,
  file: string,
  started?: StartedProbe,
): Promise<SqlOutcome> {
  return await ask(place, { op: 'dump', file }, LIMITS.within, started);
}

/** Puts every table out of the program's reach: its statements then fail with SQLITE_ERROR. */
export async function breakTables(
  place: ProbePlace,
  file: string,
  started?: StartedProbe,
): Promise<SqlOutcome> {
  return await ask(place, { op: 'break', file }, LIMITS.within, started);
}

export async function healTables(
  place: ProbePlace,
  file: string,
  started?: StartedProbe,
): Promise<SqlOutcome> {
  return await ask(place, { op: 'heal', file }, LIMITS.within, started);
}

/**
 * Holds a database for itself, as another program does in the middle of its work, until it is released. `reading`: it only
 * reads what is there now.
 */
export async function lockDatabase(place: ProbePlace, file: string, reading = false): Promise<Lock> {
  const request: ProbeRequest = { op: 'lock', file, reading };
  const { child, end } = startProbe(place, access(place, file), [JSON.stringify(request)]);
  const gone = once(child, 'close');
  await Promise.race([child.stdout === null ? gone : once(child.stdout, 'data'), gone]);
  return {
    release: async () => {
      child.stdin?.end();
      const timer = setTimeout(end, LIMITS.within);
      await gone;
      clearTimeout(timer);
      end();
    },
  };
}

async function ask(
  place: ProbePlace,
  request: Extract<ProbeRequest, { file: string }>,
  within: number,
  started?: StartedProbe,
): Promise<SqlOutcome> {
  const ran = await runProbe(place, request, access(place, request.file), { ...LIMITS, within }, started);
  if (!ran.ok) return ran;
  const parsed = shape.safeParse(JSON.parse(ran.text));
  return parsed.success ? parsed.data : { ok: false, why: 'the database could not be read' };
}

function access(place: ProbePlace, file: string): ProbeAccess {
  return databaseAccess(place.build, dirname(file));
}
