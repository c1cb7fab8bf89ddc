import { availableParallelism } from 'node:os';
import type { Job, JobBase, Surroundings } from './crew.ts';
import type { KnownSubject } from './subject.ts';

/**
 * Stubs and right programs are judged under both seeds. Of wrong ones, the rules that fail under the first are tried
 * under the second too: a fingerprint that differs is no fingerprint.
 */
export const SEED = 1;
const OTHER_SEED = 2;

/** For `--thorough`: far from each other, on both sides of the date line, two with a language of their own. */
export const PLACES: readonly Surroundings[] = [
  { TZ: 'UTC', LANG: 'C' },
  { TZ: 'Pacific/Kiritimati', LANG: 'de_DE.UTF-8' },
  { TZ: 'America/Los_Angeles', LANG: 'tr_TR.UTF-8' },
];

/**
 * How often `--thorough` judges a program, each time under another seed and in another order of rules. A right program
 * that is refused once in a while is the worst fault of a suite, and only many runs show it. A wrong one fails by what it
 * does, whatever the seed: once at each place.
 */
const THOROUGH_RUNS = { right: 20, other: PLACES.length };

/** What one check takes of one core, on average over all exercises, in seconds; measured with Node 20. */
const CORE_SECONDS = 1.5;

export type PlacedJob = Job & { place: Surroundings };

/** What to begin with: programs that stand for themselves. Those made from them follow, when it is known what they use. */
export function jobsFor(subjects: readonly KnownSubject[], thorough: boolean): PlacedJob[] {
  const [home] = PLACES as [Surroundings];
  const usual = { again: null, order: 'building' as const, base: null, place: home };
  const alone = subjects.filter((subject) => !isMade(subject));
  const jobs = [SEED, OTHER_SEED].flatMap((seed) => alone.map((subject) => ({ ...usual, subject, seed })));
  if (!thorough) return jobs;
  const more = subjects.flatMap((subject) => {
    const count = subject.expected.kind === 'right' ? THOROUGH_RUNS.right : THOROUGH_RUNS.other;
    return Array.from({ length: count }, (_, run) => ({
      ...usual,
      subject,
      seed: 1000 + run,
      order: 'random' as const,
      place: PLACES[run % PLACES.length] as Surroundings,
    }));
  });
  return [...jobs, ...more];
}

/** The wrong programs that were made from this one. */
export function jobsFrom(
  { name, files }: KnownSubject,
  subjects: readonly KnownSubject[],
  used: JobBase['used'],
): Job[] {
  const base = { files: [...files], used };
  return subjects
    .filter(({ expected }) => 'base' in expected && expected.base === name)
    .map((subject) => ({ subject, seed: SEED, again: OTHER_SEED, order: 'building', base }));
}

/** How many checks `jobsFor` and `jobsFrom` come to, all in all. */
export function countOfJobs(subjects: readonly KnownSubject[], thorough: boolean): number {
  return jobsFor(subjects, thorough).length + subjects.filter(isMade).length;
}

/** About how long so many whole checks take on this machine, in seconds. */
export function estimateOf(checks: number, cores: number = availableParallelism()): number {
  return (checks * CORE_SECONDS) / cores;
}

function isMade({ expected }: KnownSubject): boolean {
  return 'base' in expected;
}
