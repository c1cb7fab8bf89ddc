import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadExercise } from '../catalog/load-exercise.ts';
import { readDiagnosis } from '../check/diagnosis.ts';
import { knownSubjects } from './subject.ts';

/** What is in the repository, as `verify` left it. That it is true, only `verify` can say. */
const root = process.cwd();

describe.each(['01-http-server', '02-sql', '03-crud-api', '04-jwt'])('the catalogue of %s', (id) => {
  async function known() {
    const loaded = loadExercise(root, id);
    if (!loaded.ok) throw new Error(`${id} cannot be loaded`);
    const { subjects, problems } = await knownSubjects(root, loaded.exercise);
    expect(problems).toEqual([]);
    return { folder: loaded.exercise.folder, subjects };
  }

  test('says of each recorded fingerprint what its mistake says', async () => {
    const { folder, subjects } = await known();
    const mistakes = subjects.flatMap(({ expected }) =>
      expected.kind === 'mistake' ? [expected.mistake] : [],
    );
    const diagnosis = readDiagnosis(folder);
    expect(diagnosis.size).toBeGreaterThan(0);
    for (const { mistake, often, breaks } of diagnosis.values()) {
      expect(mistakes.find(({ name }) => name === mistake)).toMatchObject({ often, breaks });
    }
  });

  test('has broken programs of other designs, with and without a true diagnosis', async () => {
    const { subjects } = await known();
    const broken = subjects.flatMap(({ expected }) => (expected.kind === 'broken' ? [expected.broken] : []));
    expect(existsSync(join(root, 'solutions', id, 'broken'))).toBe(true);
    expect(broken.length).toBeGreaterThanOrEqual(6);
    expect(new Set(broken.map(({ of }) => of)).size).toBeGreaterThanOrEqual(2);
    expect(broken.some(({ cause }) => cause === null)).toBe(true);
    expect(broken.some(({ cause }) => cause !== null)).toBe(true);
  });
});
