// canary 02cd169c079d8542733c2bbd
import { database, eventually, played, rule, show, step, Unmet } from '#suite';
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
const COLUMN = { 1: 'name', 2: 'display_name', 3: 'display_name' };
type Version = 1 | 2 | 3;

/** Something that a version of the program does. */
type Deed = { sql: string; params: Record<string, unknown>; version: Version | 0 };

/** A version of the program, as the database meets it. */
class Program {
  private readonly version: Version;

  constructor(version: Version) {
    this.version = version;
  }

  insert(email: string, text: string): Deed {
    return { sql: INSERT[this.version], params: { email, text }, version: this.version };
  }

  change(email: string, text: string): Deed {
    const who = '(SELECT id FROM users WHERE email = :email)';
    return { sql: UPDATE[this.version].replace(':id', who), params: { email, text }, version: this.version };
  }

  /** Adds nobody where the address is taken: two with one address come of it where nothing holds that any more. */
  insertTwice(email: string): Deed {
    const deed = this.insert(email, 'twice');
    return { ...deed, sql: deed.sql.replace('INSERT', 'INSERT OR IGNORE') };
  }

  remove(email: string): Deed {
    return {
      sql: 'DELETE FROM users WHERE email = :email',
      params: { email },
      version: this.version,
    };
  }
}

/** What has to be true once all is done: who reads which users, and whose notes there are. */
type Sight = {
  by: readonly Version[];
  users: ReadonlyMap<string, string>;
  notes?: readonly string[];
  /** Users that version 3 reads, too: by their addresses. */
  new?: readonly string[];
  /** Whether the old column has to be gone. */
  contracted?: boolean;
};

/**
 * Does all this, and then reads: in one process, which is faster. Which statement fails is found out when one does.
 */
async function works(t: Trial, deeds: readonly Deed[], sight: Sight, db = 'app'): Promise<void> {
  const { by, users, notes, new: written = [], contracted = false } = sight;
  const parts = by.map(
    (version) => `SELECT ${version} AS who, email, ${COLUMN[version]} AS text FROM (${SELECT[version]})`,
  );
  if (notes !== undefined)
    parts.push("SELECT 'note', email, text FROM notes JOIN users ON users.id = notes.user_id");
  if (written.length > 0) parts.push(`SELECT 'new', email, display_name FROM (${SELECT[3]})`);
  if (contracted) parts.push("SELECT 'column', name, NULL FROM pragma_table_info('users')");
  const rows = await rowsOf(t, deeds, { sql: parts.join(' UNION ALL '), params: {}, version: 0 }, sight, db);
  for (const version of by) {
    const own = new Map(rows.filter(({ who }) => who === version).map((row) => [row['email'], row['text']]));
    const sent = `version ${version}: ${SELECT[version]}`;
    for (const [email, text] of users) {
      must(own.has(email), 'this user', 'none', `${sent} -- of ${email}`);
      const got = own.get(email);
      must(got === text, `${COLUMN[version]} = ${show(text)}`, show(got), `${sent} -- of ${email}`);
    }
    must(own.size === users.size, `${users.size} users`, `${own.size} users`, sent);
    const all = rows.filter(({ who }) => who === version).length;
    must(all === own.size, 'a refusal of a second user with one e-mail', 'it was added', INSERT[version]);
  }
  for (const email of written) {
    const text = rows.find((row) => row['who'] === 'new' && row['email'] === email)?.['text'];
    const sent = `version 3: ${SELECT[3]} -- of ${email}, whom version 2 has written`;
    must(text === users.get(email), `display_name = ${show(users.get(email))}`, show(text), sent);
  }
  const kept = rows.some((row) => row['who'] === 'column' && row['email'] === 'name');
  must(!kept, 'no column name', 'it is there');
  if (notes === undefined) return;
  const held = rows.filter(({ who, email, text }) => who === 'note' && email === text);
  must(
    held.length === notes.length,
    `${notes.length} notes, each with its user`,
    `${held.length} of them`,
    'SELECT email, text FROM notes JOIN users',
  );
}

async function rowsOf(
  t: Trial,
  deeds: readonly Deed[],
  last: Deed,
  { by }: Sight,
  db: string,
): Promise<Record<string, unknown>[]> {
  const database = t.database(db);
  try {
    return await database.execute(...deeds, last);
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    const reads = by.map((version): Deed => ({ sql: SELECT[version], params: {}, version }));
    for (const deed of [...deeds, ...reads]) await alone(t, deed, db);
    throw error;
  }
}

async function alone(t: Trial, { sql, params, version }: Deed, db: string): Promise<void> {
  try {
    await t.database(db).execute({ sql, params });
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    const expected = `a statement of version ${version} that works`;
    throw new Unmet({ expected, got: error.got, sent: `version ${version}: ${sql}` });
  }
}

const [one, two, three] = [new Program(1), new Program(2), new Program(3)];

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

function addresses(t: Trial, count: number): string[] {
  return Array.from({ length: count }, () => `${t.random.word()}@example.com`);
}

/** A user with a new name. */
function renamed(
  t: Trial,
  users: Map<string, string>,
  email: string,
  text = t.random.word(),
): [string, string] {
  users.set(email, text);
  return [email, text];
}

function newcomer(t: Trial, users: Map<string, string>): [string, string] {
  return renamed(t, users, `${t.random.word()}@example.com`);
}

function gone(users: Map<string, string>, email: string): string {
  users.delete(email);
  return email;
}

rule('R7', async (t) => {
  const emails = addresses(t, 8);
  const [a = '', b = '', c = ''] = emails;
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
  const users = await step(t, 'the database of today', () => today(t, emails));
  await step(t, '004 runs', async () => void (await expanded(t)));
  await step(t, 'version 1 goes on', async () => {
    const deeds = [
      one.insert(...newcomer(t, users)),
      one.change(...renamed(t, users, a)),
      one.remove(gone(users, b)),
      one.insertTwice(a),
    ];
    const notes = emails.filter((email) => email !== b);
    await works(t, deeds, { by: [1], users, notes });
  });
  await step(t, 'version 2 beside it', async () => {
    const deeds = [two.insert(...newcomer(t, users)), two.change(...renamed(t, users, c))];
    await works(t, deeds, { by: [2, 1], users });
  });
});

const BATCH = 5;

function backfill(t: Trial, host = 1, db = 'app'): Promise<CallOutcome> {
  return t.call('backfill', [{ db: database(db), batchSize: BATCH, pause: played('pause') }], { host });
}

const SENT = `backfill({ db, batchSize: ${BATCH}, pause })`;

const COPIED = 'SELECT count(*) AS n FROM users WHERE display_name IS NOT NULL';

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
  await expanded(t);
  const pause = t.play('pause');
  await step(t, 'a batch, and a pause', async () => {
    pause.hold();
    let ended = false;
    const work = backfill(t).finally(() => (ended = true));
    work.catch(() => {});
    for (let batch = 1; batch <= 2; batch++) {
      const stands = await paused(t, batch, () => ended);
      // Where a transaction is open, nobody else can write.
      const [row] = await t.database('app').execute(two.insert(...newcomer(t, users)), COPIED);
      const now = Number(row?.['n']) - batch;
      const most = batch * BATCH;
      must(stands, `a call of pause() after batch ${batch}`, 'it came to its end before', SENT);
      must(now > 0 && now <= most, `at most ${most} copied rows at pause ${batch}`, String(now), SENT);
      const release = pause.release();
      pause.hold();
      await release;
    }
    await pause.release();
    mustCopy(await work, users.size - 2);
  });
  await step(t, 'every row was copied', async () => {
    await works(t, [], { by: [1, 3], users });
  });
  await step(t, 'nothing is left to do', async () => mustCopy(await backfill(t), 0));
});

/** The address of one of those who wait for their copy. */
function nthWaiting(index: number): string {
  return `SELECT email FROM waiting ORDER BY rowid LIMIT 1 OFFSET ${index}`;
}

rule('R16', async (t) => {
  const users = await today(t, addresses(t, 4 * BATCH));
  await expanded(t);
  const pause = t.play('pause');
  // The last ones of the table: who goes on after the last copied row overlooks the second.
  await t.database('app').execute(three.insert(...newcomer(t, users)), one.insert(...newcomer(t, users)));
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
  await step(t, 'started again, and others change users in its pause', async () => {
    let ended = false;
    const work = backfill(t).finally(() => (ended = true));
    work.catch(() => {});
    const stands = await paused(t, 2, () => ended);
    must(stands, 'a call of pause() after its first batch', 'it came to its end before', SENT);
    const texts = [t.random.word(), t.random.word()];
    const waiting = await t.database('app').execute(
      'CREATE TEMP TABLE waiting AS SELECT email FROM users WHERE display_name IS NULL ORDER BY id DESC LIMIT 3',
      ...[two, three].map((program, index) => {
        const { sql } = program.change('', '');
        const params = { text: texts[index] };
        return { sql: sql.replace(':email', `(${nthWaiting(index)})`), params };
      }),
      `DELETE FROM users WHERE email = (${nthWaiting(2)})`,
      'SELECT email FROM waiting ORDER BY rowid',
    );
    const [a, b, c] = waiting.map((row) => String(row['email']));
    if (a !== undefined) users.set(a, texts[0] ?? '');
    if (b !== undefined) users.set(b, texts[1] ?? '');
    if (c !== undefined) users.delete(c);
    await pause.release();
    const outcome = await work;
    must('value' in outcome, 'an end without an error', outcomeText(outcome), SENT);
  });
  await step(t, 'every row has the text that was written last', () => works(t, [], { by: [3], users }));
});

rule('R17', async (t) => {
  const emails = addresses(t, 7);
  const [a = '', b = '', c = ''] = emails;
  const users = await today(t, emails);
  await expanded(t);
  await step(t, 'versions 1 and 2 change the same users', async () => {
    const [email, text] = newcomer(t, users);
    const deeds = [
      two.insert(email, text),
      one.change(...renamed(t, users, email)),
      two.change(a, t.random.word()),
      one.change(...renamed(t, users, a)),
      two.change(c, t.random.word()),
      one.change(...renamed(t, users, c, '')),
      two.change(...renamed(t, users, b)),
    ];
    await works(t, deeds, { by: [2, 1], users });
  });
});

rule('R18', async (t) => {
  const emails = addresses(t, 8);
  const [a = '', b = '', c = '', d = ''] = emails;
  const users = await today(t, emails);
  const m = await expanded(t);
  await step(t, '004 is taken back', async () => {
    await works(t, [two.change(...renamed(t, users, a))], { by: [2], users });
    await m.down([], EXPAND);
    await works(t, [one.change(...renamed(t, users, b))], { by: [1], users, notes: emails });
    await m.up(EXPAND);
  });
  await step(t, 'versions 2 and 3 at work after 004', async () => {
    const deeds = [
      two.change(...renamed(t, users, a)),
      three.change(...renamed(t, users, b)),
      three.insert(...newcomer(t, users)),
      // From here on the numbers of the users have a gap.
      two.remove(gone(users, d)),
    ];
    await works(t, deeds, { by: [2], users, new: [a] });
  });
  const notes = emails.filter((email) => email !== b && email !== d);
  await step(t, '005 runs', async () => {
    const last = await migrator(t, { ...(await expand(t)), ...(await file(t, `${CONTRACT}.up.sql`)) });
    await last.up(CONTRACT);
  });
  await step(t, 'version 3 goes on', async () => {
    const deeds = [
      three.insert(...newcomer(t, users)),
      three.change(...renamed(t, users, c)),
      three.remove(gone(users, b)),
      three.insertTwice(a),
    ];
    await works(t, deeds, { by: [3], users, notes, contracted: true });
  });
});
