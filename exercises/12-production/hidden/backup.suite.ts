// canary 85c34a0e3f0ded1d0db033a3
import { clock, database, folder, place, rule, show, step, Unmet } from '#suite';
import type { Trial } from '#suite';
import { SOUND, SOUND_ROWS, UNSOUND } from './damaged.ts';
import { must, newNote, openApp } from './stage.ts';

rule('R10', async (t) => {
  const opened = await openApp(t);
  const texts = Array.from({ length: 3 }, () => t.random.word());
  const notes = new Map<string, string>();
  const rows = t.random.integer(2_000, 3_000);
  await step(t, 'a database in use', async () => {
    for (const text of texts) notes.set(await newNote(opened, text), text);
    await t.database('app').execute(
      'CREATE TABLE ledger (id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, remark TEXT NOT NULL)',
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
         INSERT INTO ledger SELECT i, i * 7, printf('%0200d', i) FROM n`,
    );
  });
  // While somebody reads an older state, what is written stays in the -wal file, whatever is done to get it out.
  const file = await step(t, 'a backup while another process reads', async () => {
    await t.database('app').read();
    notes.set(await newNote(opened, 'the last word'), 'the last word');
    const path = await backedUp(t);
    await t.database('app').unlock();
    return path;
  });
  await step(t, 'one file in the folder', () => mustLie(t, [file]));
  await step(t, 'another backup while another process is in the middle of a write', async () => {
    await t.database('app').lock();
    await t.clock.advance(1);
    await mustLie(t, [file, await backedUp(t)]);
    await t.database('app').unlock();
  });
  const later = await newNote(opened, 'after the backup');
  await step(t, 'restore', () => mustRestore(t, file, 'copy'));
  await step(t, 'the backup is still there', async () => {
    const found = await t.found('backups');
    const name = file.split(/[\\/]/).at(-1) ?? '';
    must(found.kind === 'folder' && found.names.includes(name), `${name}, which was restored`, found);
  });
  await step(t, 'the copy is sound and whole', async () => {
    await mustHold(t, 'copy', 'count(*) AS n, sum(amount) AS s FROM ledger', {
      n: rows,
      s: (7 * rows * (rows + 1)) / 2,
    });
  });
  await step(t, 'an app on the copy has the notes', async () => {
    const { app } = await openApp(t, { db: 'copy', log: 'other' });
    for (const [id, text] of notes) (await app.get(`/notes/${id}`)).mustHaveJson(200, { text });
    (await app.get(`/notes/${later}`)).mustBe(404);
  });
  await step(t, 'the database in use is as it was', async () => {
    (await opened.app.get(`/notes/${later}`)).mustHaveJson(200, { text: 'after the backup' });
    await newNote(opened);
  });
});

rule('R19', async (t) => {
  const sound = folder({ 'sound.sqlite': SOUND }, 'sound.sqlite');
  await step(t, 'a sound file is taken', async () => {
    await mustRestore(t, sound, 'fresh');
    await mustHoldSamples(t, 'fresh');
  });
  // A process that crashes leaves its last writes in the -wal files of both.
  const note = await step(t, 'a program that crashes', async () => {
    // Pages as large as those of the backup: SQLite's own copy into a database in WAL mode cannot change their size.
    await t.database('live').execute('PRAGMA page_size = 512', 'CREATE TABLE first (x TEXT)');
    const kept = await openApp(t, { db: 'kept', log: 'kept', host: 2 });
    const live = await openApp(t, { db: 'live', log: 'live', host: 2 });
    await newNote(live);
    await t
      .database('live')
      .execute('CREATE TABLE old (x TEXT)', `INSERT INTO old VALUES ('${t.random.word(200)}')`);
    const id = await newNote(kept);
    await t.kill({ host: 2 });
    for (const name of ['kept', 'live'])
      must((await t.found(`${name}.sqlite-wal`)).kind === 'file', 'a database in WAL mode', 'no -wal file');
    return id;
  });
  for (const [what, bytes] of UNSOUND) {
    await step(t, `refused: ${what}`, () =>
      mustRefuse(t, folder({ 'backup.sqlite': bytes }, 'backup.sqlite'), 'kept', what),
    );
  }
  await step(t, 'refused: no such file', () =>
    mustRefuse(t, place('missing.sqlite'), 'kept', 'no such file'),
  );
  await step(t, 'what was there stays', async () => {
    const again = await openApp(t, { db: 'kept', log: 'again' });
    (await again.app.get(`/notes/${note}`)).mustBe(200);
  });
  await step(t, 'what a crashed program left is not mixed in', async () => {
    await mustRestore(t, sound, 'live');
    await mustHoldSamples(t, 'live');
  });
});

rule('R20', async (t) => {
  const opened = await openApp(t);
  const files: string[] = [];
  const keep = t.random.integer(2, 3);
  let last = '';
  for (let i = 0; i < keep + 3; i++) {
    await step(t, `the ${keep} newest of ${i + 1}`, async () => {
      last = await newNote(opened);
      // One right behind the other, and then over days, each time earlier in the day: names sort by more than that.
      await t.clock.advance(i === 1 ? 1 : 4 * 86_400_000 - 3_600_000);
      files.push(await backedUp(t, keep));
      await mustLie(t, files.slice(-keep));
    });
  }
  await step(t, 'the newest has everything', async () => {
    await mustRestore(t, files.at(-1) ?? '', 'copy');
    const { app } = await openApp(t, { db: 'copy', log: 'other' });
    (await app.get(`/notes/${last}`)).mustBe(200);
  });
  await step(t, 'only one', async () => {
    await t.clock.advance(1);
    files.push(await backedUp(t, 1));
    await mustLie(t, files.slice(-1));
  });
  await step(t, 'after a restart', async () => {
    const options = { db: database(), folder: place('backups'), keep: 1, clock: clock() };
    await t.clockOf({ host: 2 }).advance(30 * 86_400_000);
    const outcome = await t.call('backup', [options], { host: 2 });
    must('value' in outcome && typeof outcome.value === 'string', 'the path of a file', outcome);
    if ('value' in outcome) files.push(String(outcome.value));
    await mustLie(t, files.slice(-1));
  });
  await step(t, 'a backup that cannot be made rejects, and takes nothing away', async () => {
    await t.clock.advance(1);
    const outcome = await t.call('backup', [
      { db: database(), folder: place('app.sqlite'), keep: 1, clock: clock() },
    ]);
    must('threw' in outcome, 'a rejection: the folder is a file', outcome);
    await mustLie(t, files.slice(-1));
  });
});

/** Makes a backup, and gives back its path. */
async function backedUp(t: Trial, keep = 3): Promise<string> {
  const options = { db: database(), folder: place('backups'), keep, clock: clock() };
  let path = '';
  await t.mustReturn('backup', [options], 'the path of a file', (value: unknown) => {
    path = String(value);
    return typeof value === 'string' && value !== '';
  });
  return path;
}

/** The folder holds these files and nothing else. */
async function mustLie(t: Trial, files: readonly string[]): Promise<void> {
  const found = await t.found('backups');
  const names = files.map((file) => file.split(/[\\/]/).at(-1) ?? '').toSorted();
  must(
    found.kind === 'folder' && show(found.names) === show(names),
    `in the folder: ${show(names)}`,
    found.kind === 'folder' ? found.names : found.kind,
  );
}

async function mustRestore(t: Trial, from: unknown, to: string): Promise<void> {
  const outcome = await t.call('restore', [{ from, to: place(`${to}.sqlite`) }]);
  if ('threw' in outcome)
    throw new Unmet({
      expected: 'the file is restored',
      got: `it threw ${outcome.threw.message}`,
      sent: 'restore({ from, to })',
    });
}

async function mustRefuse(t: Trial, from: unknown, to: string, what: string): Promise<void> {
  const outcome = await t.call('restore', [{ from, to: place(`${to}.sqlite`) }]);
  must('threw' in outcome, 'restore rejects', 'it restored the file', `restore, from a file: ${what}`);
}

/** `what`: the rest of a SELECT; `expected`: its one row. */
async function mustHold(t: Trial, name: string, what: string, expected: object): Promise<void> {
  const sound = '(SELECT group_concat(integrity_check) FROM pragma_integrity_check) AS integrity';
  const [row] = await t.database(name).query(`SELECT ${sound}, ${what}`);
  const wanted = show({ integrity: 'ok', ...expected });
  must(show(row) === wanted, wanted, row);
}

async function mustHoldSamples(t: Trial, name: string): Promise<void> {
  const old = "(SELECT count(*) FROM sqlite_schema WHERE name = 'old') AS old";
  await mustHold(t, name, `${old}, count(*) AS count, sum(length(text)) AS letters FROM samples`, {
    old: 0,
    ...SOUND_ROWS,
  });
}
