import { describe, expect, test } from 'vitest';
import type { ListedExercise } from '../catalog/catalog.ts';
import { exerciseOf, ruleOf } from '../grade/testing/exercise.ts';
import { chosenExercises, chosenRules } from './chosen.ts';

const RULES = [
  ruleOf('R1'),
  ruleOf('R2', { tier: 'extra', needs: ['R1'] }),
  ruleOf('R3', { tier: 'extra', needs: ['R2'] }),
  ruleOf('R4', { tier: 'extra', keep: true }),
];

const ids = ['01-http-server', '02-sql', '04-jwt', '07-cache', '50-own', '51-more'];
const listed = ids.map((id): ListedExercise => ({
  id,
  ok: true,
  exercise: exerciseOf(id, { rules: RULES, requires: id === '51-more' ? ['50-own'] : [] }),
}));

const idsOf = (...typed: string[]): string[] | string => {
  const chosen = chosenExercises(listed, typed);
  return chosen.ok ? chosen.value.map(({ id }) => id) : chosen.message;
};

describe('the exercises that are handed out', () => {
  test.each<[string[], string[]]>([
    [[], ids],
    [['02-sql'], ['02-sql']],
    [['02-sql..07-cache'], ['02-sql', '04-jwt', '07-cache']],
    [
      ['04-jwt, 01-http-server', '07-cache..07-cache'],
      ['01-http-server', '04-jwt', '07-cache'],
    ],
    [['exercises/04-jwt/'], ['04-jwt']],
  ])('%j are %j', (typed, expected) => {
    expect(idsOf(...typed)).toEqual(expected);
  });

  test.each<[string[], RegExp]>([
    [['jwt'], /no exercise called "jwt"\. Did you mean 04-jwt\?/],
    [['01-http-server..jwt'], /called "jwt"/],
    [['04-jwt..02-sql'], /"04-jwt..02-sql" ends before it begins/],
    [['01-http-server..02-sql..04-jwt'], /A range is written a\.\.b|no exercise/],
    [[','], /no exercise to hand out/],
    [['51-more'], /51-more needs 50-own: name that one too/],
  ])('%j is refused', (typed, message) => {
    expect(idsOf(...typed)).toMatch(message);
  });

  test('a damaged exercise cannot be handed out, and hides nothing else', () => {
    const problem = {
      file: 'exercises/02-sql/README.md',
      key: null,
      expected: 'a spec',
      message: 'It does not exist.',
    };
    const broken: ListedExercise[] = [
      { id: '02-sql', ok: false, problem },
      ...listed.filter(({ id }) => id !== '02-sql'),
    ];
    expect(chosenExercises(broken, ['04-jwt'])).toMatchObject({ ok: true });
    expect(chosenExercises(broken, [])).toMatchObject({
      ok: false,
      message: expect.stringContaining('02-sql/README.md') as string,
    });
  });
});

describe('the rules that are held back', () => {
  const exercises = [
    exerciseOf('04-jwt', { rules: RULES }),
    exerciseOf('07-cache', { rules: RULES.map((rule) => ({ ...rule, graded: rule.id === 'R3' })) }),
  ];
  const held = (...typed: string[]): Record<string, string[]> | string => {
    const chosen = chosenRules(exercises, typed);
    return chosen.ok
      ? Object.fromEntries([...chosen.value].map(([id, rules]) => [id, [...rules]]))
      : chosen.message;
  };

  test('are those that an exercise marks, and those that were typed', () => {
    expect(held()).toEqual({ '07-cache': ['R3'] });
    expect(held('04-jwt:r3,R2')).toEqual({ '04-jwt': ['R3', 'R2'], '07-cache': ['R3'] });
  });

  test.each<[string, RegExp]>([
    ['04-jwt:R1', /"R1" cannot be held back\. R1 is core/],
    ['04-jwt:R2', /R3 needs R2, and learners would still have R3/],
    ['04-jwt:R4', /kept by the stub/],
    ['04-jwt:R9', /There is no rule R9/],
    ['02-sql:R2', /"02-sql" is none of the exercises/],
    ['R2', /Write "R2" as 04-jwt:R12,R15/],
  ])('not %s: it is said why', (typed, message) => {
    expect(held(typed)).toMatch(message);
  });
});
