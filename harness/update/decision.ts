/** A file as a commit or the index knows it; null: it is not there. */
export type Entry = { mode: string; oid: string } | null;

/** A file as it lies in the folder. `other`: a link, a folder, something that is no file. */
export type Work = { kind: 'missing' } | { kind: 'file'; oid: string } | { kind: 'other' };

/** All that decides about one path. */
export type Facts = {
  path: string;
  /** In the workbook that the learner has. */
  base: Entry;
  /** In the newer workbook. */
  theirs: Entry;
  /** In the learner's last commit. */
  head: Entry;
  /** What the learner has staged. */
  index: Entry;
  work: Work;
  /** Whose the file is. `gone`: it belongs to an exercise that the newer workbook no longer has. */
  owner: 'learner' | 'workbook' | 'gone';
};

export type Decision = {
  path: string;
  /** The entry in the new commit; `keep`: as in the learner's last commit. */
  commit: Entry | 'keep';
  index: Entry | 'keep';
  /** What happens in the folder. `replace`: set aside what is there, then write. `aside`: set it aside. */
  work: 'keep' | 'write' | 'remove' | 'replace' | 'aside';
  /** The learner's version stays although the newer workbook has another. */
  kept: boolean;
  /** Something that was staged and is nowhere else: it is set aside too. */
  staged: string | null;
};

/**
 * What an update does with one path. Learner's files stay as they are as soon as anything in them is the learner's; the
 * workbook's own become what the newer workbook has, and what the learner had made of them is set aside.
 */
export function decide(facts: Facts): Decision {
  switch (facts.owner) {
    case 'learner':
      return forLearner(facts);
    case 'workbook':
      return forWorkbook(facts);
    case 'gone':
      return forGone(facts);
  }
}

function forLearner(facts: Facts): Decision {
  const { path, base, theirs, head, index, work } = facts;
  const isOurs = (entry: Entry): boolean => same(entry, base) || same(entry, theirs);
  const committed = !isOurs(head);
  const staged = !isOurs(index) && !same(index, head);
  const edited = committed || staged || !(lies(work, base) || lies(work, theirs));
  const change = theirs === null ? 'remove' : 'write';
  return {
    path,
    commit: committed ? 'keep' : theirs,
    index: committed || staged ? 'keep' : theirs,
    work: edited || lies(work, theirs) ? 'keep' : change,
    kept: edited && !lies(work, theirs),
    staged: null,
  };
}

function forWorkbook(facts: Facts): Decision {
  const { path, base, theirs, work } = facts;
  const decision = { path, commit: theirs, index: theirs, kept: false, staged: lostStage(facts) };
  if (lies(work, theirs)) return { ...decision, work: 'keep' };
  if (work.kind === 'missing') return { ...decision, work: 'write' };
  if (lies(work, base)) return { ...decision, work: theirs === null ? 'remove' : 'write' };
  return { ...decision, work: theirs === null ? 'aside' : 'replace' };
}

/** What is left of the folder is moved as a whole afterwards. */
function forGone(facts: Facts): Decision {
  const { path, base, work } = facts;
  const isStub = work.kind !== 'missing' && lies(work, base);
  return {
    path,
    commit: null,
    index: null,
    work: isStub ? 'remove' : 'keep',
    kept: false,
    staged: lostStage(facts),
  };
}

/** What is staged and neither committed nor in the folder. */
function lostStage({ base, theirs, head, index, work }: Facts): string | null {
  if (index === null || lies(work, index)) return null;
  return [base, theirs, head].some((entry) => same(entry, index)) ? null : index.oid;
}

function same(a: Entry, b: Entry): boolean {
  return a?.oid === b?.oid;
}

function lies(work: Work, entry: Entry): boolean {
  if (work.kind === 'missing') return entry === null;
  return work.kind === 'file' && work.oid === entry?.oid;
}
