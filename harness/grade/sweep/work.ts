import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SourceFiles } from '../../compile/compile.ts';
import type { Isolation } from '../../subject/isolation.ts';
import { ciRun } from '../provenance.ts';
import { verdict } from '../../verdict/verdict.ts';
import type { Verdict } from '../../verdict/verdict.ts';

/**
 * What a verdict depends on. Which rules an assignment asks for is not in it: all of them are tried, so another wish needs no
 * other verdict. Neither is the student: the same bytes get the same verdict.
 */
export type WorkParts = {
  exercise: string;
  /** SHA-256, hex, of the judged files, of the exercise's spec and suite, and of the program that judges. */
  files: string;
  suite: string;
  harness: string;
  /** Node.js, major.minor. */
  node: string;
  isolation: Isolation;
};

/** SHA-256, hex, over all that a verdict depends on. */
export function keyOf({ exercise, files, suite, harness, node, isolation }: WorkParts): string {
  return createHash('sha256')
    .update([exercise, files, suite, harness, node, isolation].join(' '))
    .digest('hex');
}

/** The version of Node.js that takes part in a key: a patch of it changes no verdict. */
export function nodeVersion(version: string = process.versions.node): string {
  return version.split('.').slice(0, 2).join('.');
}

/** One thing to judge. `first`: the verdict of a first try, whose second one is wanted. */
export type Work = { key: string; parts: WorkParts; files: SourceFiles; first: Verdict | null };

/**
 * `again`: something hung, so the last word needs a second try with nothing else running. `lost`: the process that judged
 * ended or hung itself.
 */
export type Answer = { kind: 'verdict'; verdict: Verdict; again: boolean } | { kind: 'lost'; why: string };

/** Whoever judges, here or elsewhere. */
export type Judges = {
  /** How many things are judged at the same time. */
  readonly width: number;
  /** Judges one thing. `place`: below `width`; in each of them one thing at a time. */
  judge: (place: number, work: Work) => Promise<Answer>;
  close: () => Promise<void>;
};

/** What the marks are made from, of a verdict: small enough to be kept for all. */
export const summary = z.object({
  status: verdict.shape.status,
  mastered: z.boolean(),
  error: z.enum(['files', 'compile', 'import', 'load', 'export', 'harness']).nullable(),
  /** Why nothing could be tried, in a sentence; null: something could. */
  problem: z.string().nullable(),
  /** How each rule ended, by id. */
  rules: z.array(z.tuple([z.string(), z.string()])),
  isolation: verdict.shape.isolation,
  /** When it was judged: ISO 8601, UTC; by what version, and in which run of a CI. */
  at: z.string(),
  harness: z.string(),
  run: ciRun.nullable(),
});
export type Summary = z.infer<typeof summary>;
