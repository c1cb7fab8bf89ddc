import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inNamespaces } from '../subject/testing/levels.ts';
import { sampleVerdict } from '../verdict/sample.ts';
import { ESCAPING } from '../check/corpus/lists.ts';
import { oneForEachRow, programAttacks } from './attack.ts';
import type { ProgramAttack } from './attack.ts';
import { throughCheck } from './check-entry.ts';
import type { Outcome } from './entry.ts';
import { throughGrade } from './grade-entry.ts';
import { Ground } from './ground.ts';
import { forgedBy, leakedBy } from './harm.ts';
import { SUBMISSIONS } from './submissions.ts';

/** What is not judged by the tests of the corpus already: programs that try to get out, and submissions that attack. */
const escaping = new Set(ESCAPING.map(({ name }) => name));
const attacks = programAttacks().filter(({ name }) => escaping.has(name));

let ground: Ground;
beforeAll(async () => void (ground = await Ground.open()));
afterAll(() => ground.close());

async function collected(run: (onOutcome: (outcome: Outcome) => void) => Promise<void>): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await run((outcome) => outcomes.push(outcome));
  return outcomes;
}

const named = (...names: string[]): ProgramAttack[] => attacks.filter(({ name }) => names.includes(name));

describe('the proof can fail:', () => {
  test('without walls, what gets out is reported', async () => {
    const open = named('writes-outside', 'reads-a-secret', 'connects-over-tcp', 'ends-a-neighbour');
    const outcomes = await collected((tell) => throughCheck(open, ground, 'none', tell));
    const kinds = Object.fromEntries(
      outcomes.map(({ attack, harms }) => [attack, harms.map(({ kind }) => kind)]),
    );
    expect(kinds).toEqual({
      'writes-outside': ['escape'],
      'reads-a-secret': ['leak'],
      'connects-over-tcp': ['escape'],
      'ends-a-neighbour': ['escape'],
    });
  });

  test('a wrong program that passes is reported as forged', () => {
    const forged = forgedBy({ name: 'untouched-stub', base: 'stub' }, sampleVerdict({}));
    expect(forged.map(({ kind }) => kind)).toContain('forged');
  });

  test('a secret in a report is reported as a leak', () => {
    const canaries = { marks: ['canary-of-a-suite'], lines: [], problems: [] };
    expect(leakedBy('it says canary-of-a-suite', canaries, 'secret')).toHaveLength(1);
    expect(leakedBy('it says secret', canaries, 'secret')).toHaveLength(1);
    expect(leakedBy('it says nothing', canaries, 'secret')).toEqual([]);
  });
});

inNamespaces('behind walls', () => {
  test('no program gets out through check', async () => {
    const tried = oneForEachRow(attacks);
    const outcomes = await collected((tell) => throughCheck(tried, ground, 'namespace', tell));
    expect(outcomes.length).toBe(tried.length);
    expect(outcomes.filter(({ harms }) => harms.length > 0)).toEqual([]);
  });

  test('no submission gains anything by how it is handed in', async () => {
    const outcomes = await collected((tell) => throughGrade([], SUBMISSIONS, ground, tell));
    expect(outcomes.length).toBe(SUBMISSIONS.length);
    expect(outcomes.filter(({ harms }) => harms.length > 0)).toEqual([]);
  });
});

test('the workbook is as it was before', () => {
  expect(ground.changedFiles()).toEqual([]);
});
