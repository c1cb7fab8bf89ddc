import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from './decision.ts';
import type { Entry, Facts, Work } from './decision.ts';

const entry = (): fc.Arbitrary<Entry> =>
  fc.constantFrom(null, ...['a', 'b', 'c', 'd'].map((oid) => ({ mode: '100644', oid })));
const work = (): fc.Arbitrary<Work> =>
  fc.constantFrom<Work>(
    { kind: 'missing' },
    { kind: 'other' },
    ...['a', 'b', 'c', 'd', 'e'].map((oid) => ({ kind: 'file' as const, oid })),
  );
const facts = (owner: Facts['owner']): fc.Arbitrary<Facts> =>
  fc.record({
    path: fc.constant('exercises/04-jwt/src/app.ts'),
    base: entry(),
    theirs: entry(),
    head: entry(),
    index: entry(),
    work: work(),
    owner: fc.constant(owner),
  });

/** Whether the content is in a commit that stays in the history. */
const isKnown = ({ base, theirs, head }: Facts, oid: string): boolean =>
  [base, theirs, head].some((each) => each?.oid === oid);

describe('what an update does with one path', () => {
  test.each(['learner', 'workbook', 'gone'] as const)(
    'a file of which there is no other copy is neither overwritten nor removed (%s)',
    (owner) => {
      fc.assert(
        fc.property(facts(owner), (known) => {
          const { work: done } = decide(known);
          if (known.work.kind === 'missing') return;
          if (known.work.kind === 'file' && isKnown(known, known.work.oid)) return;
          expect(done).not.toBe('write');
          expect(done).not.toBe('remove');
        }),
      );
    },
  );

  test('what a learner changed in a file of theirs stays where it is', () => {
    fc.assert(
      fc.property(facts('learner'), (known) => {
        const ours = [known.base?.oid, known.theirs?.oid];
        if (known.work.kind !== 'file' || ours.includes(known.work.oid)) return;
        expect(decide(known).work).toBe('keep');
      }),
    );
  });

  test('what a learner committed in a file of theirs stays in the new commit', () => {
    fc.assert(
      fc.property(facts('learner'), (known) => {
        const ours = [known.base?.oid, known.theirs?.oid];
        if (ours.includes(known.head?.oid)) return;
        expect(decide(known).commit).toBe('keep');
      }),
    );
  });

  test('what is staged and nowhere else stays staged or is set aside', () => {
    fc.assert(
      fc.property(fc.constantFrom('learner', 'workbook', 'gone'), facts('learner'), (owner, some) => {
        const known = { ...some, owner: owner as Facts['owner'] };
        const { index } = known;
        if (index === null || isKnown(known, index.oid)) return;
        if (known.work.kind === 'file' && known.work.oid === index.oid) return;
        const { index: after, staged } = decide(known);
        expect(after === 'keep' || staged === index.oid).toBe(true);
      }),
    );
  });

  test('a file of the workbook becomes what the newer workbook has', () => {
    fc.assert(
      fc.property(facts('workbook'), (known) => {
        const { commit, index, work: done } = decide(known);
        expect([commit, index]).toEqual([known.theirs, known.theirs]);
        const isThere = known.work.kind === 'file' && known.work.oid === known.theirs?.oid;
        const isAbsent = known.work.kind === 'missing' && known.theirs === null;
        expect(done !== 'keep' || isThere || isAbsent).toBe(true);
      }),
    );
  });
});
