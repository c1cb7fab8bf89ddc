import { expect, test } from 'vitest';
import type { Exercise, Part } from '../catalog/exercise.ts';
import { imageFolder, liveText, noImage } from './live.ts';

const part = (kind: Part['kind'], entry: string): Part => ({
  name: 'a',
  kind,
  entry,
  packages: [],
  exports: [],
  modules: null,
});
const exercise = (parts: Part[]): Exercise => ({ parts }) as Exercise;

test('only an exercise with a Dockerfile has an image to try', () => {
  expect(imageFolder(exercise([part('files', 'src/Dockerfile')]))).toBe('src');
  expect(imageFolder(exercise([part('files', 'src/ci.yml'), part('http', 'src/Dockerfile')]))).toBeNull();
});

test('names the exercise that builds an image, where the workbook has one', () => {
  const other = { ok: true as const, id: '01-a', exercise: exercise([part('http', 'src/a.ts')]) };
  const image = { ok: true as const, id: '09-b', exercise: exercise([part('files', 'src/Dockerfile')]) };
  expect(noImage([other, image])).toBe(
    '--live is for an exercise that builds an image: npm run check -- 09-b --live',
  );
  expect(noImage([other])).toBe('--live is for an exercise that builds an image, and there is none here.');
});

test('what was tried is a line each, with what the engine said beneath a failure, and that it decides nothing', () => {
  const steps = [
    { what: 'docker build', ok: true, said: 'the image was built', details: [] },
    { what: 'docker compose up', ok: false, said: 'it ended with exit code 1', details: ['db is unhealthy'] },
  ];
  expect(liveText({ kind: 'tried', steps }, true)).toBe(`
On the Docker engine of this machine:
  ✓ docker build             the image was built
  ✗ docker compose up        it ended with exit code 1
      db is unhealthy
That is for your information: the rules above are judged from your files alone.
`);
  expect(liveText({ kind: 'tried', steps }, false)).toContain('x docker compose up');
  expect(liveText({ kind: 'unavailable', why: 'No engine.' }, true)).toContain(
    'Not tried on a real engine. No engine.',
  );
});
