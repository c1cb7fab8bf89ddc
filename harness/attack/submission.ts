import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXERCISE } from '../check/corpus/subject.ts';
import type { Place } from './ground.ts';
import type { Harm } from './harm.ts';
import type { PlainRepository } from './plain-repository.ts';
import type { Row } from './rows.ts';

/** What is handed in: as `npm run grade` takes it. */
export type Handed = { submission: string; ref: string | null };

/**
 * A submission that attacks whoever takes it in, or what the report tells. Its program keeps no rule: with a point, or with
 * the marker made, it has succeeded.
 */
export type SubmissionAttack = {
  name: string;
  tries: readonly Row[];
  does: string;
  /**
   * Makes it out of an untouched fork with nothing but the stub in it. `src`: the folder of the program. What it returns is
   * handed in; nothing: the fork, as a folder.
   */
  make: (fork: string, src: string, place: Place) => Handed | Promise<Handed> | void;
  /** The verdict that it should get; `refused`: it is not taken in at all. */
  ends: 'failed' | 'error' | 'refused';
  /** How much its report tells; all when left out. */
  detail?: 'score';
  /** What no report may say. */
  untold?: (place: Place) => Harm & { text: string };
  /** The same thing in a repository that is tested with Vitest; or why there is no such thing. */
  plain: PlainRepository | string;
};

/** The file that would be right. */
export function solutionIn({ root }: Place): string {
  return join(root, 'solutions', EXERCISE, 'src', 'server.ts');
}

/** Code (CommonJS) that makes the marker. */
export function owning({ marker }: Place): string {
  return `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'owned');\n`;
}

/** Writes a file, and the folders it lies in. */
export function write(file: string, text: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
