import { probeIsolation } from '../subject/namespace/probe.ts';
import type { Isolation } from '../subject/isolation.ts';

/** Whether programs can be shut in at a level here. `why`: a sentence. `help`: the command that helps; null: none does. */
export type LevelAnswer = { ok: true } | { ok: false; why: string; help: string | null };

export type LevelProbe = (level: Isolation) => Promise<LevelAnswer>;

/** Asks this machine, by trying. Nothing is judged at a level that does not hold. */
export const probeLevel: LevelProbe = async (level) =>
  level === 'namespace' ? await probeIsolation() : { ok: true };
