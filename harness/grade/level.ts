import type { Isolation } from '../subject/isolation.ts';

/** Whether programs can be shut in at a level here. `cause`: why not. `help`: the command that helps; null: none does. */
export type LevelAnswer = { ok: true } | { ok: false; cause: string; help: string | null };

export type LevelProbe = (level: Isolation) => Promise<LevelAnswer>;

/** Asks this machine, by trying. */
export const probeLevel: LevelProbe = (level) => {
  if (level !== 'namespace') return Promise.resolve({ ok: true });
  return Promise.resolve({ ok: false, cause: 'this version of the workbook cannot make them', help: null });
};
