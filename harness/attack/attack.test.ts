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
import { PROBES } from './submission-probe.ts';
import type { SubmissionAttack } from './submission.ts';
import { SUBMISSIONS } from './submissions.ts';
import { throughVerify } from './verify-entry.ts';
import { throughWatch } from './watch-entry.ts';

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

/** What is met by the watch and the proof: a program that dies, one that forges, one that floods and one that looks around. */
const FEW = new Set([
  'exits-at-import',
  'extends-expect',
  'pollutes-one-option',
  'writes-replies',
  'reads-a-secret',
  'prints-no-line',
]);
const few = programAttacks().filter(({ name }) => FEW.has(name));

describe('at the level of a learner’s own machine', () => {
  test('a watch that has seen them still tells right from wrong', async () => {
    const outcomes: Outcome[] = [];
    const wrong = await throughWatch(few, ground, (outcome) => outcomes.push(outcome));
    expect(outcomes.map(({ attack }) => attack).toSorted()).toEqual([...FEW].toSorted());
    expect([...outcomes.flatMap(({ harms }) => harms), ...wrong]).toEqual([]);
  });

  test('nothing is proved of a program that fools its judge; one that lets a right server answer is reported', async () => {
    const asking = programAttacks().filter(({ name }) => name === 'asks-another-server');
    const outcomes = await collected((tell) => throughVerify([...few, ...asking], ground, tell));
    expect(outcomes.length).toBe(FEW.size + 1);
    const harmful = outcomes.filter(({ harms }) => harms.length > 0);
    expect(harmful.map(({ attack }) => attack)).toEqual(['asks-another-server']);
    expect(harmful[0]?.harms[0]?.kind).toBe('forged');
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
    const tried = oneForEachRow(SUBMISSIONS);
    const outcomes = await collected((tell) => throughGrade([], tried, ground, tell));
    expect(outcomes.length).toBe(tried.length);
    expect(outcomes.filter(({ harms }) => harms.length > 0)).toEqual([]);
  });

  test('where more is told than points, a program that tells what it is asked is reported, and so is a wrong end', async () => {
    const [{ detail, ...probe }] = PROBES as [SubmissionAttack];
    expect(detail).toBe('score');
    const outcomes = await collected((tell) => throughGrade([], [{ ...probe, ends: 'error' }], ground, tell));
    expect(outcomes.flatMap(({ harms }) => harms.map(({ kind }) => kind))).toEqual(['broken', 'leak']);
  });
});

test('the workbook is as it was before', () => {
  expect(ground.changedFiles()).toEqual([]);
});
