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
  const strange = `CREATE TABLE strange_${t.random.word()} (id INTEGER);`;
  const m = await migrator(t, {
    ...files,
    'README.md': 'not SQL',
    '4_notes.txt': 'not SQL',
    // What a merge leaves behind, what is not ready yet, and a way back from nothing.
    '5_notes.up.sql.orig': strange,
    'draft_5_notes.up.sql': strange,
    'draft_notes.up.sql': strange,
    '6_notes.down.sql': strange,
  });
  await step(t, 'status before the first up', () =>
    m.tells(...names.map((name) => ({ name, appliedAt: null }))),
  );
  await step(t, 'three migrations: 1, 2 and 10', () => m.up(one, two, ten));
  await step(t, 'status afterwards', () => m.tells(...names.map((name) => ({ name, appliedAt: t.now }))));
  await step(t, 'a second up', async () => {
    await m.up();
    const again = await migrator(t, files);
    await again.up();
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
  });
  await step(t, 'what stands in the database', async () => {
    const columns = `SELECT group_concat(name) FROM pragma_table_info('${table}')`;
    const [row] = await t
      .database('app')
      .query(`SELECT (${columns}) AS names, (SELECT count(*) FROM ${table}) AS n, text FROM ${more}`);
    must(row?.['names'] === 'id,second', 'the columns id, second', show(row?.['names']));
    must(row?.['n'] === 1, 'one row: the migration ran once', `${String(row?.['n'])} rows`);
    must(row?.['text'] === 'a;b', "the trigger's text, a;b", show(row?.['text']));
  });
});

rule('R2', async (t) => {
  const [a, b] = [`t_${t.random.word()}`, `t_${t.random.word()}`];
  const [one, two] = [`001_${t.random.word()}`, `002_${t.random.word()}`];
  const files = tableMigration(one, a);
  const both = { ...files, ...tableMigration(two, b) };
  const later = t.now + 60_000;
  await step(t, 'verify before anything was applied', async () => {
    const m = await migrator(t, both);
    await m.verifies();
    const writes = (await t.statements().list()).some((sql) => /^\s*(create|insert|replace)\b/i.test(sql));
    if (!writes) return;
    // Who makes the table when the migrator is made does no harm: only a difference counts.
    const fresh = await migrator(t, both, { db: 'fresh' });
    const ours = `SELECT name FROM sqlite_schema WHERE name LIKE 'schema\\_migrations%' ESCAPE '\\'`;
    const before = await t.database('fresh').query(ours);
    await fresh.verifies();
    const after = await t.database('fresh').query(ours);
    must(same(before, after), 'a verify that changes nothing', `${after.length} new tables`, 'verify()');
  });
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
    // As long as it was: who compares lengths sees nothing.
    const edited = await migrator(t, {
      ...next,
      ...migration(one, `CREATE TABLE ${a} (no INTEGER PRIMARY KEY);`),
    });
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
  await step(t, 'the edit was undone, and a down file is another one', async () => {
    const m = await migrator(t, { ...next, [`${one}.down.sql`]: `DROP TABLE IF EXISTS ${a};\n` });
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
  /** Three migrations; the third one works on what the second one made. */
  const deploy = (first: number): { names: string[]; tables: string[]; files: Files } => {
    const names = [first, first + 1, first + 2].map((number) => `${number}_${t.random.word()}`);
    const [one = '', two = '', three = ''] = names;
    const [a, b] = [`a${first}_${t.random.word()}`, `b${first}_${t.random.word()}`];
    const third = migration(three, `CREATE INDEX i_${b} ON ${b} (id);`);
    return {
      names,
      tables: [a, b],
      files: { ...tableMigration(one, a), ...tableMigration(two, b), ...third },
    };
  };
  const all = deploy(1);
  let files = all.files;
  await step(t, 'nobody is killed', async () => (await migrator(t, files)).up(...all.names));
  const replaces = (await t.statements().list()).some((sql) => /^\s*replace\s+into\b/i.test(sql));
  const deaths: readonly [label: string, text: (b: string) => string, nth: number][] = [
    ['killed before a migration runs', (b) => `create table ${b}`, 1],
    ['killed before a row is inserted', () => (replaces ? 'replace' : 'insert'), 2],
    ['killed before a transaction ends', () => 'commit', 2],
  ];
  for (const [index, [label, text, nth]] of deaths.entries()) {
    await step(t, label, async () => {
      const { names, tables, files: more } = deploy(4 + 3 * index);
      files = { ...files, ...more };
      all.names.push(...names);
      all.tables.push(...tables);
      const first = await migrator(t, files);
      await t.statements().killOn(text(tables[1] ?? ''), nth);
      const outcome = await first.made.call('up').catch(() => null);
      // A program that has no such statement has done its work, and is killed after it.
      if (outcome === null) await t.died();
      else await t.kill();
      const next = await migrator(t, files);
      const rest = await next.made.call('up');
      must('value' in rest, 'an up that goes on', outcomeText(rest), next.made.sent('up', []));
      await next.up();
    });
  }
  await step(t, 'each of them has run, once', async () => {
    await (await migrator(t, files)).holds(all.names, all.tables);
  });
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

/**
 * How long the second migrator is watched, in milliseconds: a right one waits in SQLite, and nothing tells of that. On a
 * busy machine it is as long as a few whole ups have just taken, so that a wrong one is through all the same.
 */
const GLANCE = { least: 120, ups: 4, most: 2_000 };

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
  const both = async (db: string, text: string, nth: number, glance: number): Promise<void> => {
    const first = await migrator(t, files, { db, host: 1 });
    const second = await migrator(t, files, { db, host: 2 });
    // Both know the way, so that a right one waits and a wrong one is through within a glance.
    await second.made.call('status');
    await statements.pauseOn(text, nth);
    const one = watched(first.made.call('up'));
    await Promise.race([statements.paused(), one.outcome.catch(() => null)]);
    const two = watched(second.made.call('up'));
    await eventually(async () => two.done(), glance);
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

  const glance = await step(t, 'one alone', async () => {
    const alone = await migrator(t, files, { db: 'alone', host: 2 });
    const from = performance.now();
    await alone.up(one, two, three);
    return Math.min(GLANCE.most, Math.max(GLANCE.least, GLANCE.ups * (performance.now() - from)));
  });
  await step(t, 'the second comes while the first is in the middle of a migration', () =>
    both('middle', `create table ${a}`, 1, glance),
  );
  // A right one has given up by now, or goes on trying: SQLite lets it wait for half a second.
  await step(t, 'the second waits for a first that does not come to its end', () =>
    both('long', `create table ${a}`, 1, PATIENT),
  );
  const begins = (await statements.list()).some((sql) => /\bbegin\b/i.test(sql));
  if (!begins) return;
  await step(t, 'the second comes before the first begins its transaction', () =>
    both('before', 'begin', 1, glance),
  );
  await step(t, 'the second comes between two transactions of the first', () =>
    both('between', 'begin', 2, glance),
  );
});

/** Longer than a statement waits for a lock, in milliseconds. */
const PATIENT = 800;

/** A call that goes on while the rule does something else. */
function watched(call: Promise<CallOutcome>): { outcome: Promise<CallOutcome>; done: () => boolean } {
  let settled = false;
  const outcome = call.finally(() => (settled = true));
  outcome.catch(() => {});
  return { outcome, done: () => settled };
}
