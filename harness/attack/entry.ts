import type { Harm } from './harm.ts';

/** The ways in that are tried. */
export const ENTRIES = ['check', 'watch', 'verify', 'grade'] as const;
export type EntryName = (typeof ENTRIES)[number];

/** What one attack did on one way in. `harms` empty: nothing, it was held. */
export type Outcome = { attack: string; harms: readonly Harm[] };
