// canary 11f13c9efeb158d040505abe
import { rule, step } from '#suite';
import { migration, migrator, must, outcomeText, tableMigration } from './stage.ts';

rule('R12', async (t) => {
  const tables = ['a', 'b', 'c', 'd'].map((letter) => `${letter}_${t.random.word()}`);
  const names = [1, 2, 3, 5].map((number) => `00${number}_${t.random.word()}`);
  const [one = '', two = '', three = '', five = ''] = names;
  const [a = '', b = '', c = '', d = ''] = tables;
  const [A, B, C, D] = [
    tableMigration(one, a),
    tableMigration(two, b),
    tableMigration(three, c),
    tableMigration(five, d),
  ];
  await step(t, 'numbers may begin with 0, and leave gaps', async () => {
    const zero = `000_${t.random.word()}`;
    const m = await migrator(t, { ...tableMigration(zero, b), ...A, ...C, ...D }, { db: 'gaps' });
    await m.verifies();
    await m.up(zero, one, three, five);
  });
  await step(t, 'a file with a lower number than an applied one', async () => {
    await (await migrator(t, { ...A, ...C })).up(one, three);
    const m = await migrator(t, { ...A, ...B, ...C, ...D });
    await m.verifies({ code: 'late', names: [two] });
    await m.refuses('up', [], 'late');
  });
  await step(t, 'an applied file is gone', async () => {
    const m = await migrator(t, { ...A, ...D });
    await m.verifies({ code: 'missing', names: [three] });
    await m.refuses('up', [], 'missing');
  });
  await step(t, 'an applied file is gone, and another one was edited', async () => {
    const edited = migration(one, `CREATE TABLE ${a} (no INTEGER PRIMARY KEY);`);
    const m = await migrator(t, { ...edited, ...D });
    await m.verifies({ code: 'changed', names: [one] }, { code: 'missing', names: [three] });
  });
  await step(t, 'a second file with the number of an applied one', async () => {
    const twin = `3_${t.random.word()}`;
    const m = await migrator(t, { ...A, ...C, ...tableMigration(twin, b), ...D });
    await m.verifies({ code: 'duplicate', names: [three, twin] });
    await m.refuses('up', [], 'duplicate');
    await m.holds([one, three], [a, c]);
  });
  await step(t, 'two new files with the same number', async () => {
    const twin = `05_${t.random.word()}`;
    const m = await migrator(t, { ...A, ...D, ...tableMigration(twin, b) }, { db: 'new' });
    await m.verifies({ code: 'duplicate', names: [five, twin] });
    await m.refuses('up', [], 'duplicate');
    await m
      .tells(...[one, twin, five].map((name) => ({ name, appliedAt: null })))
      .catch(() => m.tells(...[one, five, twin].map((name) => ({ name, appliedAt: null }))));
  });
  await step(t, 'all is in order again', async () => {
    const m = await migrator(t, { ...A, ...C, ...D });
    await m.verifies();
    await m.up(five);
  });
});

rule('R13', async (t) => {
  const [a, b, c] = [`a_${t.random.word()}`, `b_${t.random.word()}`, `c_${t.random.word()}`];
  const [one, two, three] = [`1_${t.random.word()}`, `2_${t.random.word()}`, `3_${t.random.word()}`];
  const m = await migrator(t, {
    ...tableMigration(one, a),
    ...migration(two, `CREATE TABLE ${b} (id INTEGER);`),
    ...tableMigration(three, c),
  });
  await step(t, 'the second last has no down file', async () => {
    await m.up(one, two, three);
    await m.refuses('down', [2], 'irreversible', two);
  });
  await step(t, 'the last has one', async () => {
    await m.down([1], three);
    await m.refuses('down', [1], 'irreversible', two);
    await m.holds([one, two], [a, b]);
  });
  await step(t, 'a down file fails at its second statement', async () => {
    const [x, y] = [`x_${t.random.word()}`, `y_${t.random.word()}`];
    const name = `1_${t.random.word()}`;
    const up = `CREATE TABLE ${x} (id INTEGER);`;
    const wrong = migration(name, up, `DROP TABLE ${x};\nDROP TABLE ${y};`);
    const failing = await migrator(t, wrong, { db: 'failing' });
    await failing.up(name);
    await failing.refuses('down', [], 'failed', name);
    await failing.tells({ name, appliedAt: t.now });
    const corrected = await migrator(t, migration(name, up, `DROP TABLE ${x};`), { db: 'failing' });
    await corrected.down([], name);
    await corrected.up(name);
  });
  await step(t, 'killed before its row is deleted', async () => {
    const name = `1_${t.random.word()}`;
    const files = tableMigration(name, `z_${t.random.word()}`);
    const first = await migrator(t, files, { db: 'killed' });
    await first.up(name);
    await t.statements().killOn('delete');
    const outcome = await first.made.call('down').catch(() => null);
    if (outcome === null) await t.died();
    else return;
    // The row and the table are both there, or neither is.
    const next = await migrator(t, files, { db: 'killed' });
    const rest = await next.made.call('down');
    must('value' in rest, 'a down that goes on', outcomeText(rest), next.made.sent('down', []));
    await next.up(name);
  });
});

rule('R14', async (t) => {
  const a = `a_${t.random.word()}`;
  const name = `1_${t.random.word()}`;
  const text = `-- a table\nCREATE TABLE ${a} (\n  id INTEGER PRIMARY KEY\n);`;
  const unix = migration(name, text);
  const windows = { [`${name}.up.sql`]: `${text}\n`.replaceAll('\n', '\r\n') };
  for (const [label, first, second] of [
    ['applied with LF, checked out with CRLF', unix, windows],
    ['applied with CRLF, checked out with LF', windows, unix],
  ] as const) {
    await step(t, label, async () => {
      const db = first === unix ? 'unix' : 'windows';
      await (await migrator(t, first, { db })).up(name);
      const m = await migrator(t, second, { db });
      await m.verifies();
      await m.up();
    });
  }
  for (const [label, edited] of [
    ['a space was added', text.replace('  id', '   id')],
    ['a space was added at the end of a line', text.replace('(', '( ')],
    ['an empty line was added at the end', `${text}\n`],
  ] as const) {
    await step(t, label, async () => {
      const m = await migrator(t, migration(name, edited), { db: 'unix' });
      await m.verifies({ code: 'changed', names: [name] });
    });
  }
});
