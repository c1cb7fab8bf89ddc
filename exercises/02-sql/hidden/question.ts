// canary 45f049f02fc94d21611d20b2
import { step, Unmet } from '#suite';
import type { Trial } from '#suite';
import { randomShop } from './random-shop.ts';
import { asked, compare } from './rows.ts';
import type { Layout, Row } from './rows.ts';
import { describe, inserts, QUERY_TABLES, shop, TABLES, without } from './shop.ts';
import type { About, Shop } from './shop.ts';

/** A small shop in which right and wrong answers differ. `index`: an index that changes the order of a careless query. */
export type Case = { label: string; shop: Shop; index?: string };

/** What one query file is asked, and how its answer is known: computed here from the rows, without SQL. */
export type Question = Layout & {
  file: string;
  /** The tables and columns that matter, for the message. */
  about: About;
  answer(rows: Shop): Row[];
  cases: readonly Case[];
};

/** About how many rows a table has in each of the random shops, from small to larger. */
const SIZES = [3, 5, 9];

/** At most so many shops are tried to make a counterexample smaller. */
const SHRINKS = 200;

/** Asks the query on the small shops, on empty tables and on random shops; the first wrong answer ends the rule. */
export async function judge(t: Trial, question: Question): Promise<void> {
  for (const each of question.cases) {
    await step(t, each.label, async () => raise(await wrong(t, question, each)));
  }
  await step(t, 'empty tables', async () =>
    raise(await wrong(t, question, { label: 'empty tables', shop: shop() })),
  );
  await step(t, 'random rows', async () => {
    for (const size of SIZES) {
      const rows = randomShop(t.random, size);
      const problem = await wrong(t, question, { label: 'random rows', shop: rows });
      if (problem !== null) throw await smallest(t, question, rows, problem);
    }
  });
}

function raise(problem: Unmet | null): void {
  if (problem !== null) throw problem;
}

/** What is wrong with the answer on these rows, or null. */
async function wrong(t: Trial, question: Question, { shop: rows, index }: Case): Promise<Unmet | null> {
  const file = `src/queries/${question.file}`;
  const sent = describe(question.file, rows, question.about, index);
  const database = await t.sql([QUERY_TABLES, ...inserts(rows), ...(index === undefined ? [] : [index])]);
  try {
    const got = await database.run({ file });
    return compare(question, question.answer(rows), got, sent);
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    return asked(error, sent);
  }
}

/** Takes rows away as long as the answer stays wrong, so that a learner has little to look through. */
async function smallest(t: Trial, question: Question, start: Shop, first: Unmet): Promise<Unmet> {
  const about = TABLES.filter((table) => question.about[table] !== undefined);
  let rows = start;
  let problem = first;
  let left = SHRINKS;
  const tryOut = async (candidate: Shop): Promise<boolean> => {
    left--;
    const still = await wrong(t, question, { label: '', shop: candidate });
    if (still === null) return false;
    rows = candidate;
    problem = still;
    return true;
  };
  for (let before = -1; before !== size(rows) && left > 0;) {
    before = size(rows);
    for (const table of about) {
      for (let index = rows[table].length - 1; index >= 0 && left > 0; index--) {
        if (index < rows[table].length) await tryOut(without(rows, table, index));
      }
    }
  }
  return problem;
}

function size(rows: Shop): number {
  return TABLES.reduce((sum, table) => sum + rows[table].length, 0);
}
