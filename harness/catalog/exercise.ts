/** How a part is met: by requests, by calls, as SQL, as files, as a script, as tests, or as a whole process. */
export type PartKind = 'http' | 'module' | 'sql' | 'files' | 'script' | 'tests' | 'program';

/** A piece of an exercise that is met in one way. */
export type Part = {
  name: string;
  kind: PartKind;
  /** The file that is loaded, relative to the exercise's folder, with forward slashes. */
  entry: string;
  /** The exports that `entry` promises. */
  exports: string[];
  /** npm packages that the part may import. */
  packages: string[];
  /** `node:` modules that the part may import; null: the usual ones (see compile/modules.ts). */
  modules: string[] | null;
};

/** One numbered promise of the spec. */
export type Rule = {
  id: string;
  tier: 'core' | 'extra';
  /** The sentence from the README, as plain text. */
  title: string;
  citation: string;
  part: string;
  /** Rules that must pass before this one is tried. */
  needs: string[];
  /** The given stub keeps it already: required for a pass, worth no point. */
  keep: boolean;
  evidence: 'outside' | 'inside';
  /** Held back for the grade: an edition for a class does not have it, and nobody but the instructor sees it. */
  graded: boolean;
};

/** One folder of exercises/, read and validated. */
export type Exercise = {
  /** The folder's name, for example `01-http-server`. */
  id: string;
  /** Absolute path of the folder. */
  folder: string;
  title: string;
  phase: number;
  minutes: number;
  difficulty: number;
  requires: string[];
  /** Globs of the learner's files, relative to the folder. */
  editable: string[];
  parts: Part[];
  /** In README order: core rules first. */
  rules: Rule[];
  /** Absolute paths of hidden/*.suite.ts, sorted. */
  suites: string[];
};
