import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listExercises } from '../catalog/catalog.ts';
import type { Exercise } from '../catalog/exercise.ts';
import { check } from '../check/check.ts';
import { Engine } from '../check/engine.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { knownSubjects } from './subject.ts';
import type { KnownSubject } from './subject.ts';

/**
 * Every exercise with its stub and its right programs, once. The whole proof, with all wrong programs and two seeds, is
 * `npm run verify`. A check of tests runs them on about thirty programs: there the stub and two right ones are enough here.
 */
const OF_TESTS = 3;

const root = process.cwd();
const build = join(root, '.workbook', 'build');
const listed = listExercises(root);
const exercises = listed.ok ? listed.exercises.flatMap((each) => (each.ok ? [each.exercise] : [])) : [];
let engine: Engine;

beforeAll(() => {
  engine = new Engine(root, build, { keepThread: true });
});
afterAll(() => engine.close());

async function judged(exercise: Exercise, { files, folder }: KnownSubject): Promise<Verdict> {
  const { verdict } = await check(engine, {
    exercise,
    files: { ok: true, files },
    folder,
    only: null,
    order: 'building',
    seed: 3,
    inspect: false,
    env: {},
    root,
    build,
    digests: { suite: '', files: '' },
    harness: 'test',
  });
  return verdict;
}

test('all exercises can be read', () => {
  expect(exercises.length).toBeGreaterThan(0);
  expect(listed.ok && listed.exercises.filter((each) => !each.ok)).toEqual([]);
});

describe.each(exercises.map((exercise) => [exercise.id, exercise] as const))('%s', (_id, exercise) => {
  test(
    'is failed with no points by its stub, and mastered by every right program',
    { timeout: 180_000 },
    async () => {
      const { subjects, problems } = await knownSubjects(root, exercise);
      expect(problems).toEqual([]);
      const isSlow = exercise.parts.some(({ kind }) => kind === 'tests');
      const wanted = subjects
        .filter(({ expected }) => expected.kind === 'stub' || expected.kind === 'right')
        .slice(0, isSlow ? OF_TESTS : undefined);
      expect(new Set(wanted.map(({ expected }) => expected.kind))).toEqual(new Set(['stub', 'right']));
      const said: Record<string, unknown> = {};
      for (const subject of wanted) {
        const { status, mastered, points, rules } = await judged(exercise, subject);
        const missing =
          subject.expected.kind === 'stub' ? [] : rules.filter((rule) => rule.status !== 'passed');
        said[subject.name] = { status, mastered, points, missing: missing.map(({ id }) => id) };
      }
      const { length: maxPoints } = exercise.rules.filter((rule) => !rule.keep);
      expect(said).toEqual(
        Object.fromEntries(
          wanted.map(({ name, expected }) => [
            name,
            expected.kind === 'stub'
              ? { status: 'failed', mastered: false, points: 0, missing: [] }
              : { status: 'passed', mastered: true, points: maxPoints, missing: [] },
          ]),
        ),
      );
    },
  );
});
