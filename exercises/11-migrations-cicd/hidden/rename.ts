// canary 7bcfb14da9a16ac59557c06d
import { show, Unmet } from '#suite';
import type { Trial } from '#suite';
import { migrator, must } from './stage.ts';
import type { Files, Migrator } from './stage.ts';

export const FOLDER = 'src/migrations';
export const EXPAND = '004_display_name';
export const CONTRACT = '005_drop_name';

/** What has run in production, as it was handed out. */
export const GIVEN: Files = {
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
export async function works(t: Trial, deeds: readonly Deed[], sight: Sight, db = 'app'): Promise<void> {
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

export const [one, two, three] = [new Program(1), new Program(2), new Program(3)];

/** The learner's file of a migration; one that is not there ends the rule. */
export async function file(t: Trial, name: string): Promise<Files> {
  const text = await t.file(`${FOLDER}/${name}`);
  if (text === null) throw new Unmet({ expected: `a file ${FOLDER}/${name}`, got: 'no such file' });
  return { [name]: text };
}

/** The given migrations and 004. */
export async function expand(t: Trial): Promise<Files> {
  return {
    ...GIVEN,
    ...(await file(t, `${EXPAND}.up.sql`)),
    ...(await file(t, `${EXPAND}.down.sql`)),
  };
}

/** A database of today, with users and a note each. */
export async function today(t: Trial, emails: readonly string[], db = 'app'): Promise<Map<string, string>> {
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

export async function expanded(t: Trial, db = 'app'): Promise<Migrator> {
  const m = await migrator(t, await expand(t), { db });
  await m.up(EXPAND);
  return m;
}

export function addresses(t: Trial, count: number): string[] {
  return Array.from({ length: count }, () => `${t.random.word()}@example.com`);
}

/** A user with a new name. */
export function renamed(
  t: Trial,
  users: Map<string, string>,
  email: string,
  text = t.random.word(),
): [string, string] {
  users.set(email, text);
  return [email, text];
}

export function newcomer(t: Trial, users: Map<string, string>): [string, string] {
  return renamed(t, users, `${t.random.word()}@example.com`);
}

export function gone(users: Map<string, string>, email: string): string {
  users.delete(email);
  return email;
}
