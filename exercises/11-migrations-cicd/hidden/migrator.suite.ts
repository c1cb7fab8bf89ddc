// canary 334b0663d68db9cdeff01338
import { eventually, rule, same, show, step } from '#suite';
import type { CallOutcome, Trial } from '#suite';
import { migration, migrator, must, namesOf, outcomeText, tableMigration } from './stage.ts';
import type { Files } from './stage.ts';

/** Three migrations that work in the order of their numbers alone, and one table. */
function story(t: Trial): { names: [string, string, string]; files: Files; table: string } {
  const table = `t_${t.random.word()}`;
  const names: [string, string, string] = [
    `1_${t.random.word()}`,
    `2_${t.random.word()}`,
    `10_${t.random.word()}`,
  ];
  const [one, two, ten] = names;
  return {
    names,
    table,
    files: {
      ...migration(one, `CREATE TABLE ${table} (id INTEGER PRIMARY KEY);`, `DROP TABLE ${table};`),
      ...migration(
        two,
        `ALTER TABLE ${table} ADD COLUMN first TEXT;\nINSERT INTO ${table} (first) VALUES ('x;y');`,
        `DELETE FROM ${table};\nALTER TABLE ${table} DROP COLUMN first;`,
      ),
      ...migration(
        ten,
        `ALTER TABLE ${table} RENAME COLUMN first TO second;`,
        `ALTER TABLE ${table} RENAME COLUMN second TO first;`,
      ),
    },
  };
}

rule('R1', async (t) => {
  const { names, files, table } = story(t);
  const [one, two, ten] = names;
  const m = await migrator(t, { ...files, 'README.md': 'not SQL', '4_notes.txt': 'not SQL' });
  await step(t, 'status before the first up', () =>
    m.tells(...names.map((name) => ({ name, appliedAt: null }))),
  );
  await step(t, 'three migrations: 1, 2 and 10', () => m.up(one, two, ten));
  await step(t, 'status afterwards', () => m.tells(...names.map((name) => ({ name, appliedAt: t.now }))));
  await step(t, 'a second up', async () => {
    await m.up();
    const again = await migrator(t, files);
    await again.up();
    const [row] = await t
      .database('app')
      .query(
        `SELECT (SELECT group_concat(name) FROM pragma_table_info('${table}')) AS names, (SELECT count(*) FROM ${table}) AS n`,
      );
    must(row?.['names'] === 'id,second', 'the columns id, second', show(row?.['names']));
    must(row?.['n'] === 1, 'one row: the migration ran once', `${String(row?.['n'])} rows`);
  });
  const last = `0011_${t.random.word()}`;
  const more = `t_${t.random.word()}`;
  await step(t, 'the next deploy brings one more, with a trigger', async () => {
    const sql = [
      `CREATE TABLE ${more} (id INTEGER PRIMARY KEY, text TEXT);`,
      `CREATE TRIGGER ${more}_added AFTER INSERT ON ${more} BEGIN`,
      `  UPDATE ${more} SET text = 'a;b' WHERE id = NEW.id;`,
      'END;',
      `INSERT INTO ${more} (text) VALUES ('c');`,
    ];
    const next = await migrator(t, { ...files, ...migration(last, sql.join('\n')) });
    await next.up(last);
    const [row] = await t.database('app').query(`SELECT text FROM ${more}`);
    must(row?.['text'] === 'a;b', "the trigger's text, a;b", show(row?.['text']));
  });
});

rule('R2', async (t) => {
  const [a, b] = [`t_${t.random.word()}`, `t_${t.random.word()}`];
  const [one, two] = [`001_${t.random.word()}`, `002_${t.random.word()}`];
  const files = tableMigration(one, a);
  const both = { ...files, ...tableMigration(two, b) };
  const later = t.now + 60_000;
  await step(t, 'verify before anything was applied', async () => (await migrator(t, both)).verifies());
  await step(t, 'two migrations, a minute apart', async () => {
    await (await migrator(t, files)).up(one);
    await t.clock.advance(60_000);
    const m = await migrator(t, both);
    await m.up(two);
    await m.tells({ name: one, appliedAt: t.now }, { name: two, appliedAt: later });
    const history = await t.database('app').query('SELECT name, checksum, applied_at FROM schema_migrations');
    const times = history.map((row) => [row['name'], row['applied_at']]);
    const wanted = [
      [one, t.now],
      [two, later],
    ];
    must(
      same(
        times.toSorted((x, y) => (String(x[0]) < String(y[0]) ? -1 : 1)),
        wanted,
      ),
      `name and applied_at: ${show(wanted)}`,
      show(times),
      'SELECT name, applied_at FROM schema_migrations',
    );
    const sums = new Set(history.map((row) => row['checksum']));
    must(
      sums.size === 2 && !sums.has(null) && !sums.has(''),
      'a checksum for each, different for different files',
      show([...sums]),
      'SELECT checksum FROM schema_migrations',
    );
    await m.verifies();
  });
  const three = `003_${t.random.word()}`;
  const c = `t_${t.random.word()}`;
  const next = { ...both, ...tableMigration(three, c) };
  await step(t, 'an applied file was edited, and a new one waits', async () => {
    const edited = await migrator(t, { ...next, ...migration(one, `CREATE TABLE ${a} (id TEXT);`) });
    await edited.verifies({ code: 'changed', names: [one] });
    await edited.refuses('up', [], 'changed');
    await edited.holds([one, two], [a, b]);
  });
  await step(t, 'only a comment was added to an applied file', async () => {
    const text = `CREATE TABLE ${b} (id INTEGER PRIMARY KEY);\n-- harmless`;
    const edited = await migrator(t, { ...next, ...migration(two, text) });
    await edited.verifies({ code: 'changed', names: [two] });
    await edited.refuses('up', [], 'changed');
  });
  await step(t, 'the edit was undone', async () => {
    const m = await migrator(t, next);
    await m.verifies();
    await m.up(three);
  });
});

rule('R3', async (t) => {
  const [a, b, c] = [`a_${t.random.word()}`, `b_${t.random.word()}`, `c_${t.random.word()}`];
  const [one, two, three] = [`1_${t.random.word()}`, `2_${t.random.word()}`, `3_${t.random.word()}`];
  const others = { ...tableMigration(one, a), ...tableMigration(three, c) };
  const right = `CREATE TABLE ${b} (id INTEGER PRIMARY KEY);\nINSERT INTO ${b} VALUES (1);`;
  const fails: readonly [string, string][] = [
    ['the last statement names a table that is not there', `INSERT INTO x_${a} VALUES (1);`],
    ['the last statement breaks a constraint', `INSERT INTO ${b} VALUES (1);`],
    ['the last statement is no SQL', 'CREATE TABEL x (id);'],
  ];
  for (const [label, statement] of fails) {
    await step(t, label, async () => {
      const m = await migrator(t, { ...others, ...migration(two, `${right}\n${statement}`) });
      await m.refuses('up', [], 'failed', two);
      await m.tells(
        { name: one, appliedAt: t.now },
        { name: two, appliedAt: null },
        { name: three, appliedAt: null },
      );
      // A second time: what is left behind of the first is in the way of its own CREATE TABLE.
      await m.refuses('up', [], 'failed', two);
    });
  }
  await step(t, 'the file was corrected', async () => {
    const m = await migrator(t, { ...others, ...migration(two, right) });
    await m.up(two, three);
    await m.holds([one, two, three], [a, b, c]);
  });
});

rule('R4', async (t) => {
  const [a, b, c] = [`a_${t.random.word()}`, `b_${t.random.word()}`, `c_${t.random.word()}`];
  const names = [`1_${t.random.word()}`, `2_${t.random.word()}`, `3_${t.random.word()}`];
  const [one = '', two = '', three = ''] = names;
  const files = { ...tableMigration(one, a), ...tableMigration(two, b), ...tableMigration(three, c) };
  await step(t, 'nobody is killed', async () => {
    await (await migrator(t, files, { db: 'whole' })).up(one, two, three);
  });
  const deaths: readonly [label: string, text: string, nth: number][] = [
    ['killed before a migration runs', `create table ${b}`, 1],
    ['killed before a row is inserted', 'insert', 2],
    ['killed before a transaction ends', 'commit', 2],
  ];
  for (const [index, [label, text, nth]] of deaths.entries()) {
    await step(t, label, async () => {
      const at = { db: `killed-${index}` };
      const first = await migrator(t, files, at);
      await t.statements().killOn(text, nth);
      const outcome = await first.made.call('up').catch(() => null);
      // A program that has no such statement has done its work, and is killed after it.
      if (outcome === null) await t.died();
      else await t.kill();
      const next = await migrator(t, files, at);
      const rest = await next.made.call('up');
      must('value' in rest, 'an up that goes on', outcomeText(rest), next.made.sent('up', []));
      await next.up();
      await next.holds(names, [a, b, c]);
    });
  }
});

rule('R5', async (t) => {
  const { names, files } = story(t);
  const [one, two, ten] = names;
  const other = `t_${t.random.word()}`;
  const last = `11_${t.random.word()}`;
  const all = { ...files, ...tableMigration(last, other) };
  const m = await migrator(t, all);
  await step(t, 'down on an empty database', () => m.down([]));
  await step(t, 'down takes back one', async () => {
    await m.up(one, two, ten, last);
    await m.down([], last);
  });
  await step(t, 'down(2)', async () => {
    await m.down([2], ten, two);
    await m.tells(
      { name: one, appliedAt: t.now },
      ...[two, ten, last].map((name) => ({ name, appliedAt: null })),
    );
  });
  await step(t, 'up again', async () => {
    // Each of them fails where its own work is still there.
    await m.up(two, ten, last);
  });
  await step(t, 'down(99) takes back all', async () => {
    await (await migrator(t, all)).down([99], last, ten, two, one);
    await m.holds([], []);
  });
});

/** How long the second migrator is watched, in milliseconds: a right one waits in SQLite, and nothing tells of that. */
const GLANCE = 120;

rule('R6', async (t) => {
  const [a, b, log] = [`a_${t.random.word()}`, `b_${t.random.word()}`, `log_${t.random.word()}`];
  const names = [`1_${t.random.word()}`, `2_${t.random.word()}`, `3_${t.random.word()}`];
  const [one = '', two = '', three = ''] = names;
  const files = {
    ...migration(one, `CREATE TABLE ${log} (text TEXT);\nCREATE TABLE ${a} (id INTEGER);`),
    ...migration(
      two,
      `INSERT INTO ${log} VALUES ('second');\nCREATE TABLE ${b} (id INTEGER);\nINSERT INTO ${b} VALUES (1);`,
    ),
    ...migration(three, `INSERT INTO ${log} VALUES ('third');`),
  };
  const statements = t.statements({ host: 1 });

  /** Host 1 stands still before a statement, host 2 begins; then host 1 goes on. */
  const both = async (db: string, text: string, nth: number): Promise<void> => {
    const first = await migrator(t, files, { db, host: 1 });
    const second = await migrator(t, files, { db, host: 2 });
    // Both know the way, so that a right one waits and a wrong one is through within a glance.
    await second.made.call('status');
    await statements.pauseOn(text, nth);
    const one = watched(first.made.call('up'));
    await Promise.race([statements.paused(), one.outcome.catch(() => null)]);
    const two = watched(second.made.call('up'));
    await eventually(async () => two.done(), GLANCE);
    await statements.release();
    await judge([await one.outcome, await two.outcome], db);
  };

  const judge = async (outcomes: readonly CallOutcome[], db: string): Promise<void> => {
    const [first, second] = outcomes as [CallOutcome, CallOutcome];
    const sent = 'up() in one process, and up() in another one at the same time';
    const got = `${outcomeText(first)} and ${outcomeText(second)}`;
    for (const outcome of outcomes) {
      const gaveUp = 'threw' in outcome && /^(locked$|SQLITE_BUSY)/.test(outcome.threw.code ?? '');
      must(
        'value' in outcome || gaveUp,
        'a result from each, or from one of them the code locked',
        got,
        sent,
      );
    }
    must('value' in first || 'value' in second, 'a result from at least one of them', got, sent);
    const rows = await t
      .database(db)
      .query(
        `SELECT text FROM ${log} UNION ALL SELECT name FROM schema_migrations UNION ALL SELECT 'b' FROM ${b}`,
      );
    const done = rows.map((row) => String(row['text'])).toSorted();
    must(
      same(done, [...names, 'b', 'second', 'third'].toSorted()),
      'each migration once, and once in the history',
      show(done),
      sent,
    );
    if (!('value' in first) || !('value' in second)) return;
    const told = [first, second].flatMap((outcome) => {
      const applied = namesOf(outcome, 'applied');
      return Array.isArray(applied) ? (applied as unknown[]) : [];
    });
    must(
      same(told.map(String).toSorted(), [...names].toSorted()),
      'each migration in the result of one of them',
      got,
      sent,
    );
  };

  await step(t, 'one alone', async () => (await migrator(t, files, { db: 'alone' })).up(one, two, three));
  await step(t, 'the second comes while the first is in the middle of a migration', () =>
    both('middle', `create table ${a}`, 1),
  );
  const begins = (await statements.list()).some((sql) => /\bbegin\b/i.test(sql));
  if (!begins) return;
  await step(t, 'the second comes before the first begins its transaction', () => both('before', 'begin', 1));
  await step(t, 'the second comes between two transactions of the first', () => both('between', 'begin', 2));
});

/** A call that goes on while the rule does something else. */
function watched(call: Promise<CallOutcome>): { outcome: Promise<CallOutcome>; done: () => boolean } {
  let settled = false;
  const outcome = call.finally(() => (settled = true));
  outcome.catch(() => {});
  return { outcome, done: () => settled };
}
