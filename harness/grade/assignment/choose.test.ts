import { expect, test } from 'vitest';
import { chooseExercises } from './choose.ts';

const KNOWN = ['01-http-server', '02-sql', '03-crud-api', '04-jwt', '07-cache'];

test.each([
  ['04-jwt', ['04-jwt']],
  ['01-http-server..03-crud-api', ['01-http-server', '02-sql', '03-crud-api']],
  ['04-jwt..07-cache, 01-http-server', ['01-http-server', '04-jwt', '07-cache']],
  ['04-JWT,04-jwt,exercises/04-jwt/', ['04-jwt']],
  ['02-sql..02-sql', ['02-sql']],
])('%s means what it says, in order and once', (typed, ids) => {
  expect(chooseExercises(typed, KNOWN)).toEqual({ ok: true, ids });
});

test.each([
  ['', 'Which exercises?'],
  [' , ', 'Which exercises?'],
  ['04-jvt', 'There is no exercise called 04-jvt. Did you mean 04-jwt?'],
  ['01-http-server..4', 'Did you mean 04-jwt?'],
  ['04-jwt..01-http-server', 'runs backwards. Write the earlier exercise first: 01-http-server..04-jwt'],
  ['01-http-server..', 'an exercise at both ends'],
  ['01-http-server..02-sql..04-jwt', 'three ends'],
])('%j is refused with a remedy', (typed, remedy) => {
  expect(chooseExercises(typed, KNOWN)).toMatchObject({
    ok: false,
    message: expect.stringContaining(remedy),
  });
});
