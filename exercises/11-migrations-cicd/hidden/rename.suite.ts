// canary 02cd169c079d8542733c2bbd
import { database, eventually, played, rule, same, show, step, Unmet } from '#suite';
import type { CallOutcome, Trial } from '#suite';
import { migrator, must, outcomeText } from './stage.ts';
import type { Files, Migrator } from './stage.ts';

const FOLDER = 'src/migrations';
const EXPAND = '004_display_name';
const CONTRACT = '005_drop_name';

/** What has run in production, as it was handed out. */
const GIVEN: Files = {
  '001_users.up.sql':
    "CREATE TABLE users (\n  id INTEGER PRIMARY KEY,\n  email TEXT NOT NULL UNIQUE,\n  name TEXT NOT NULL DEFAULT ''\n);\n",
  '001_users.down.sql': 'DROP TABLE users;\n',
  '002_notes.up.sql':
    'CREATE TABLE notes (\n  id INTEGER PRIMARY KEY,\n  user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,\n  text TEXT NOT NULL\n);\n',
  '002_notes.down.sql': 'DROP TABLE notes;\n',
  '003_notes_by_user.up.sql': 'CREATE INDEX notes_user_id ON notes (user_id);\n',
  '003_notes_by_user.down.sql': 'DROP INDEX notes_user_id;\n',
};
const GIVEN_NAMES = ['001_users', '002_notes', '003_notes_by_user'];

/** Texts that people have for names, and that programs take for something else. */
const NAMES = ['', "O'Brien", 'Zoë 🌱', 'NULL', '0', ' two  spaces '];

/** The statements of the contract's table. */
const INSERT = {
  1: 'INSERT INTO users (email, name) VALUES (:email, :text)',
  2: 'INSERT INTO users (email, name, display_name) VALUES (:email, :text, :text)',
  3: 'INSERT INTO users (email, display_name) VALUES (:email, :text)',
};
const UPDATE = {
  1: 'UPDATE users SET name = :text WHERE id = :id',
  2: 'UPDATE users SET name = :text, display_name = :text WHERE id = :id',
  3: 'UPDATE users SET display_name = :text WHERE id = :id',
};
const SELECT = {
  1: 'SELECT id, email, name FROM users',
  2: 'SELECT id, email, coalesce(display_name, name) AS display_name FROM users',
  3: 'SELECT id, email, display_name FROM users',
};
type Version = 1 | 2 | 3;

/** A version of the program, as the database meets it. */
class Program {
  private readonly t: Trial;
  private readonly version: Version;
  private readonly db: string;

  constructor(t: Trial, version: Version, db: string) {
    this.t = t;
    this.version = version;
    this.db = db;
  }

  async insert(email: string, text: string): Promise<void> {
    await this.run(INSERT[this.version], { email, text });
  }

  async change(email: string, text: string): Promise<void> {
    await this.run(UPDATE[this.version], { id: await this.id(email), text });
  }

  async remove(email: string): Promise<void> {
    await this.run('DELETE FROM users WHERE id = :id', { id: await this.id(email) });
  }

  /** It reads just these users, and under these names. */
  async reads(users: ReadonlyMap<string, string>): Promise<void> {
    const rows = await this.run(SELECT[this.version], {});
    const column = this.version === 1 ? 'name' : 'display_name';
    for (const [email, text] of users) {
      const row = rows.find((each) => each['email'] === email);
      const sent = this.sent(`${SELECT[this.version]} -- of ${email}`);
      must(row !== undefined, `a user ${email}`, 'none', sent);
      must(row?.[column] === text, `${column} = ${show(text)}`, show(row?.[column]), sent);
    }
    must(
      rows.length === users.size,
      `${users.size} users`,
      `${rows.length} users`,
      this.sent(SELECT[this.version]),
    );
  }

  async run(sql: string, params: Record<string, unknown>): Promise<Record<string, unknown>[]> {
    try {
      return await this.t.database(this.db).query(sql, params);
    } catch (error) {
      if (!(error instanceof Unmet)) throw error;
      throw new Unmet({
        expected: `a statement of version ${this.version} that works`,
        got: error.got,
        sent: this.sent(sql),
      });
    }
  }

  private async id(email: string): Promise<unknown> {
    const [row] = await this.run('SELECT id FROM users WHERE email = :email', { email });
    must(row !== undefined, `a user ${email}`, 'none');
    return row?.['id'];
  }

  private sent(sql: string): string {
    return `version ${this.version}: ${sql}`;
  }
}

function versions(t: Trial, db = 'app'): [Program, Program, Program] {
  return [new Program(t, 1, db), new Program(t, 2, db), new Program(t, 3, db)];
}

/** The learner's file of a migration; one that is not there ends the rule. */
async function file(t: Trial, name: string): Promise<Files> {
  const text = await t.file(`${FOLDER}/${name}`);
  if (text === null) throw new Unmet({ expected: `a file ${FOLDER}/${name}`, got: 'no such file' });
  return { [name]: text };
}

/** The given migrations and 004. */
async function expand(t: Trial): Promise<Files> {
  return {
    ...GIVEN,
    ...(await file(t, `${EXPAND}.up.sql`)),
    ...(await file(t, `${EXPAND}.down.sql`)),
  };
}

/** A database of today, with users and a note each. */
async function today(t: Trial, emails: readonly string[], db = 'app'): Promise<Map<string, string>> {
  await (await migrator(t, GIVEN, { db })).up(...GIVEN_NAMES);
  const users = new Map<string, string>();
  const statements = emails.flatMap((email, index) => {
    const text = NAMES[index] ?? t.random.word();
    users.set(email, text);
    return [
      { sql: INSERT[1], params: { email, text } },
      { sql: 'INSERT INTO notes (user_id, text) VALUES (last_insert_rowid(), :email)', params: { email } },
    ];
  });
  await t.database(db).execute(...statements);
  return users;
}

async function expanded(t: Trial, db = 'app'): Promise<Migrator> {
  const m = await migrator(t, await expand(t), { db });
  await m.up(EXPAND);
  return m;
}

async function notesOf(t: Trial, emails: Iterable<string>, db = 'app'): Promise<void> {
  const rows = await t
    .database(db)
    .query('SELECT email, text FROM notes JOIN users ON users.id = notes.user_id ORDER BY email');
  const got = rows.map((row) => [row['email'], row['text']]);
  const wanted = [...emails].toSorted().map((email) => [email, email]);
  must(
    same(got, wanted),
    `${wanted.length} notes, each with its user`,
    `${got.length} of them`,
    'SELECT email, text FROM notes JOIN users',
  );
}

function addresses(t: Trial, count: number): string[] {
  return Array.from({ length: count }, () => `${t.random.word()}@example.com`);
}

rule('R7', async (t) => {
  const emails = addresses(t, 8);
  const [a = '', b = '', c = ''] = emails;
  const [one, two] = versions(t);
  await step(t, '001 to 003 are as they were', async () => {
    for (const [name, text] of Object.entries(GIVEN)) {
      const now = (await t.file(`${FOLDER}/${name}`))?.replaceAll('\r\n', '\n');
      must(
        now === text,
        `${FOLDER}/${name} as it was given: it has run in production`,
        now === undefined ? 'no such file' : 'another text',
      );
    }
  });
  const users = await today(t, emails);
  await step(t, '004 runs', () => expanded(t).then(() => {}));
  await step(t, 'version 1 goes on', async () => {
    await one.reads(users);
    const [added = ''] = addresses(t, 1);
    users.set(added, t.random.word());
    await one.insert(added, users.get(added) ?? '');
    users.set(a, t.random.word());
    await one.change(a, users.get(a) ?? '');
    users.delete(b);
    await one.remove(b);
    await one.reads(users);
  });
  await step(t, 'what held before still holds', async () => {
    const twice = await one.insert(a, 'twice').then(
      () => true,
      () => false,
    );
    must(!twice, 'a refusal of a second user with one e-mail', 'it was added', INSERT[1]);
    await notesOf(
      t,
      emails.filter((email) => email !== b),
    );
  });
  await step(t, 'version 2 beside it', async () => {
    await two.reads(users);
    const [added = ''] = addresses(t, 1);
    users.set(added, t.random.word());
    await two.insert(added, users.get(added) ?? '');
    users.set(c, t.random.word());
    await two.change(c, users.get(c) ?? '');
    await two.reads(users);
    await one.reads(users);
  });
});

const BATCH = 5;

function backfill(t: Trial, host = 1, db = 'app'): Promise<CallOutcome> {
  return t.call('backfill', [{ db: database(db), batchSize: BATCH, pause: played('pause') }], { host });
}

const SENT = `backfill({ db, batchSize: ${BATCH}, pause })`;

async function copied(t: Trial): Promise<number> {
  const [row] = await t
    .database('app')
    .query('SELECT count(*) AS n FROM users WHERE display_name IS NOT NULL');
  return Number(row?.['n']);
}

/** Waits until `pause` was called so many times, or the backfill has ended. False: it has ended. */
async function paused(t: Trial, times: number, ended: () => boolean): Promise<boolean> {
  const pause = t.play('pause');
  const came = await eventually(async () => pause.calls.length >= times || ended(), t.patience);
  if (came) return pause.calls.length >= times;
  throw new Unmet({
    expected: `a call of pause() after batch ${times}`,
    got: `${pause.calls.length} calls of pause(), and no end`,
    sent: SENT,
    cause: 'hung',
  });
}

function mustCopy(outcome: CallOutcome, count: number): void {
  must('value' in outcome && outcome.value === count, show(count), outcomeText(outcome), SENT);
}

rule('R15', async (t) => {
  const users = await today(t, addresses(t, 3 * BATCH + t.random.integer(1, BATCH - 1)));
  const [, two] = versions(t);
  const m = await expanded(t);
  const before = await copied(t);
  must(before === 0, 'no row copied by 004: that is the work of backfill', `${before} copied rows`);
  const pause = t.play('pause');
  await step(t, 'a batch, and a pause', async () => {
    pause.hold();
    let ended = false;
    const work = backfill(t).finally(() => (ended = true));
    work.catch(() => {});
    for (let batch = 1; batch <= 2; batch++) {
      const stands = await paused(t, batch, () => ended);
      const now = (await copied(t)) - (batch - 1);
      const most = batch * BATCH;
      must(stands, `a call of pause() after batch ${batch}`, 'it came to its end before', SENT);
      must(now > 0 && now <= most, `at most ${most} copied rows at pause ${batch}`, String(now), SENT);
      // A program that keeps a transaction open lets nobody else write.
      const [added = ''] = addresses(t, 1);
      users.set(added, t.random.word());
      await two.insert(added, users.get(added) ?? '');
      const release = pause.release();
      pause.hold();
      await release;
    }
    await pause.release();
    mustCopy(await work, users.size - 2);
  });
  await step(t, 'every row was copied', async () => {
    await versions(t)[0].reads(users);
    await versions(t)[2].reads(users);
    await m.verifies();
  });
  await step(t, 'nothing is left to do', async () => mustCopy(await backfill(t), 0));
});

rule('R16', async (t) => {
  const emails = addresses(t, 4 * BATCH);
  const users = await today(t, emails);
  const [one, two, three] = versions(t);
  await expanded(t);
  const pause = t.play('pause');
  const [early = ''] = addresses(t, 1);
  await step(t, 'a user of version 3 from before', async () => {
    users.set(early, t.random.word());
    await three.insert(early, users.get(early) ?? '');
  });
  await step(t, 'killed in its first pause', async () => {
    pause.hold();
    let ended = false;
    const work = backfill(t).finally(() => (ended = true));
    work.catch(() => {});
    must(
      await paused(t, 1, () => ended),
      'a call of pause() after batch 1',
      'it came to its end before',
      SENT,
    );
    await t.kill();
    await work.catch(() => null);
  });
  await step(t, 'others change users meanwhile', async () => {
    const waiting = await t
      .database('app')
      .query('SELECT email FROM users WHERE display_name IS NULL ORDER BY id DESC');
    const [a = '', b = '', c = ''] = waiting.map((row) => String(row['email']));
    users.set(a, t.random.word());
    await two.change(a, users.get(a) ?? '');
    users.set(b, t.random.word());
    await three.change(b, users.get(b) ?? '');
    users.delete(c);
    await one.remove(c);
    const [added = ''] = addresses(t, 1);
    users.set(added, t.random.word());
    await one.insert(added, users.get(added) ?? '');
  });
  await step(t, 'started again', async () => {
    await pause.release();
    // A trigger of 004 may have copied the new one at once.
    const left = users.size - (await copied(t));
    mustCopy(await backfill(t), left);
    await three.reads(users);
  });
});

rule('R17', async (t) => {
  const emails = addresses(t, 7);
  const [a = '', b = ''] = emails;
  const users = await today(t, emails);
  const [one, two] = versions(t);
  await expanded(t);
  const [added = ''] = addresses(t, 1);
  await step(t, 'version 1 changes a user of version 2', async () => {
    users.set(added, t.random.word());
    await two.insert(added, users.get(added) ?? '');
    users.set(added, t.random.word());
    await one.change(added, users.get(added) ?? '');
    await two.reads(users);
  });
  await step(t, 'version 1 changes a user that version 2 has changed', async () => {
    await two.change(a, t.random.word());
    users.set(a, t.random.word());
    await one.change(a, users.get(a) ?? '');
    await two.reads(users);
  });
  await step(t, 'version 1 changes a user again, to an empty name', async () => {
    users.set(a, '');
    await one.change(a, '');
    await two.reads(users);
  });
  await step(t, 'version 2 changes a user of version 1', async () => {
    users.set(b, t.random.word());
    await two.change(b, users.get(b) ?? '');
    await two.reads(users);
    await one.reads(users);
  });
});

rule('R18', async (t) => {
  const emails = addresses(t, 8);
  const [a = '', b = '', c = ''] = emails;
  const users = await today(t, emails);
  const [, two, three] = versions(t);
  await expanded(t);
  await step(t, 'versions 2 and 3 at work after 004', async () => {
    users.set(a, t.random.word());
    await two.change(a, users.get(a) ?? '');
    users.set(b, t.random.word());
    await three.change(b, users.get(b) ?? '');
    const [added = ''] = addresses(t, 1);
    users.set(added, t.random.word());
    await three.insert(added, users.get(added) ?? '');
    await two.reads(users);
  });
  await step(t, '005 runs', async () => {
    const last = await migrator(t, {
      ...(await expand(t)),
      ...(await file(t, `${CONTRACT}.up.sql`)),
    });
    await last.up(CONTRACT);
    const columns = await t.database('app').query("SELECT name FROM pragma_table_info('users')");
    const names = columns.map((row) => row['name']);
    must(!names.includes('name'), 'no column name', show(names));
    await last.verifies();
  });
  await step(t, 'version 3 goes on', async () => {
    await three.reads(users);
    await notesOf(t, emails);
    const [added = ''] = addresses(t, 1);
    users.set(added, t.random.word());
    await three.insert(added, users.get(added) ?? '');
    users.set(c, t.random.word());
    await three.change(c, users.get(c) ?? '');
    await three.remove(b);
    users.delete(b);
    await three.reads(users);
    await notesOf(
      t,
      emails.filter((email) => email !== b),
    );
    const twice = await three.insert(a, 'twice').then(
      () => true,
      () => false,
    );
    must(!twice, 'a refusal of a second user with one e-mail', 'it was added', INSERT[3]);
  });
  await step(t, '004 is taken back', async () => {
    const db = 'back';
    const others = await today(t, emails, db);
    const [one, also] = versions(t, db);
    const back = await expanded(t, db);
    others.set(a, t.random.word());
    await also.change(a, others.get(a) ?? '');
    await back.down([], EXPAND);
    await one.reads(others);
    others.set(b, t.random.word());
    await one.change(b, others.get(b) ?? '');
    await one.reads(others);
    await notesOf(t, emails, db);
    await back.up(EXPAND);
    await also.reads(others);
  });
});
