import { expect, test } from 'vitest';
import type { Rule } from '../catalog/exercise.ts';
import type { RuleOutcome } from '../progress/progress.ts';
import { chooseRule } from './hint-choice.ts';

const rule = (id: string, needs: string[] = [], tier: Rule['tier'] = 'core', keep = false): Rule => ({
  id,
  tier,
  title: id,
  citation: '',
  part: 'a',
  needs,
  keep,
  evidence: 'outside',
  graded: false,
});

const rules = [rule('R1', [], 'core', true), rule('R2'), rule('R3', ['R2']), rule('R4', ['R3'], 'extra')];

/** What is chosen after a check that ended like `p` passed, `f` failed, `u` untried, `e` error, rule after rule. */
function after(endings: string): string {
  const words = { p: 'passed', f: 'failed', u: 'untried', e: 'error' } as const;
  const lastRules = [...endings].map((letter, index): RuleOutcome => ({
    id: `R${index + 1}`,
    status: words[letter as keyof typeof words],
  }));
  const choice = chooseRule({ rules }, { attempts: 1, lastRules });
  return choice.kind === 'rule' ? `${choice.rule.id} ${choice.why}` : choice.kind;
}

test.each([
  ['pfuu', 'R2 failing'],
  ['fpfu', 'R1 failing'],
  ['pffu', 'R2 failing'],
  ['ppff', 'R3 failing'],
  ['pppf', 'R4 failing'],
  ['pppp', 'passed'],
  ['pppe', 'stopped'],
  ['uuuu', 'stopped'],
  ['', 'stopped'],
])('after %j it is %s', (endings, chosen) => {
  expect(after(endings)).toBe(chosen);
});

test('a failed rule whose needs did not pass is taken when there is no other', () => {
  const lastRules: RuleOutcome[] = [{ id: 'R3', status: 'failed' }];
  expect(chooseRule({ rules }, { attempts: 1, lastRules })).toMatchObject({ rule: { id: 'R3' } });
});

test('before the first check it is the first rule that the stub does not keep already', () => {
  expect(chooseRule({ rules }, { attempts: 0, lastRules: [] })).toMatchObject({
    rule: { id: 'R2' },
    why: 'first',
  });
});
