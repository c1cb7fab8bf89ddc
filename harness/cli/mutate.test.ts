import { expect, test } from 'vitest';
import { mutateCommand } from './mutate.ts';
import { run, smallWorkbook } from './testing/fake-context.ts';
import { FIRST } from './testing/made-exercises.ts';

test.each([
  ['neither an exercise nor --all', []],
  ['both', [FIRST, '--all']],
])('mutate with %s says what to write', async (_what, argv) => {
  const { code, err, out } = await run(mutateCommand, smallWorkbook(), argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('npm run mutate -- --all');
});

test('mutate of an exercise that is not there names one that is near', async () => {
  const { code, err } = await run(mutateCommand, smallWorkbook(), ['01-frst']);
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringContaining(`Did you mean ${FIRST}?`) as string,
  });
});
