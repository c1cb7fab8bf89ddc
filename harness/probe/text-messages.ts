/** What the probe for texts is asked, once. */
export type TextRequest = { op: 'yaml'; text: string };

/** `lines`: where the node of each JSON pointer begins, counted from 1. */
export type TextAnswer =
  | { ok: true; value: unknown; lines: Record<string, number> }
  /** `line` null: it is about the whole. */
  | { ok: false; why: string; line: number | null };
