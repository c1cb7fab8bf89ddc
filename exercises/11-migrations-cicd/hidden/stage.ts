// canary 8092481c40c03684f6b2e3da
import { clock, database, folder, same, show, Unmet } from '#suite';
import type { CallOutcome, Made, Trial } from '#suite';

const TABLES =
  "SELECT 'table' AS kind, name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'schema\\_migrations%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

export type Files = Readonly<Record<string, string>>;
export type Row = Record<string, unknown>;

/** The files of one migration. `down` left out: it cannot be taken back. */
export function migration(name: string, up: string, down?: string): Files {
  const files = { [`${name}.up.sql`]: `${up}\n` };
  return down === undefined ? files : { ...files, [`${name}.down.sql`]: `${down}\n` };
}

/** A migration that makes an empty table. */
export function tableMigration(name: string, table: string): Files {
  return migration(name, `CREATE TABLE ${table} (id INTEGER PRIMARY KEY);`, `DROP TABLE ${table};`);
}

export type Place = { host?: number; db?: string };

/** A migrator on a folder with just these files, of one process, on one database. */
export async function migrator(
  t: Trial,
  files: Files,
  { host = 1, db = 'app' }: Place = {},
): Promise<Migrator> {
  const made = await t.make('createMigrator', [{ db: database(db), dir: folder(files), clock: clock() }], {
    host,
  });
  return new Migrator(t, made, db);
}

/** The learner's migrator, and the database beneath it seen from outside. */
export class Migrator {
  readonly made: Made;
  private readonly t: Trial;
  private readonly db: string;

  constructor(t: Trial, made: Made, db: string) {
    this.t = t;
    this.made = made;
    this.db = db;
  }

  async up(...names: readonly string[]): Promise<void> {
    await this.mustTell('up', [], 'applied', names);
  }

  async down(args: readonly number[], ...names: readonly string[]): Promise<void> {
    await this.mustTell('down', args, 'reverted', names);
  }

  /** It throws with this code, and says the name of this migration. */
  async refuses(method: 'up' | 'down', args: readonly number[], code: string, name?: string): Promise<void> {
    const outcome = await this.made.call(method, args);
    const sent = this.made.sent(method, args);
    const expected = `an error with the code ${code}`;
    if ('value' in outcome || outcome.threw.code !== code)
      throw new Unmet({ expected, got: outcomeText(outcome), sent });
    if (name === undefined || outcome.threw.message.includes(name)) return;
    throw new Unmet({ expected: `a message that names ${name}`, got: show(outcome.threw.message), sent });
  }

  /** `status()` tells these, in this order; `appliedAt` where it is given. */
  async tells(...expected: readonly { name: string; appliedAt: number | null }[]): Promise<void> {
    const outcome = await this.made.call('status');
    const list = 'value' in outcome && Array.isArray(outcome.value) ? (outcome.value as unknown[]) : [];
    const wanted = expected.map((each) => ({
      ...each,
      state: each.appliedAt === null ? 'pending' : 'applied',
    }));
    const got = list.map((each) => pick(each, ['name', 'state', 'appliedAt']));
    if (same(got, wanted)) return;
    throw new Unmet({
      expected: show(wanted),
      got: outcomeText(outcome),
      sent: this.made.sent('status', []),
    });
  }

  /** `verify()` finds exactly these; where several names are given, at least one of them. */
  async verifies(...expected: readonly { code: string; names: readonly string[] }[]): Promise<void> {
    const outcome = await this.made.call('verify');
    const { ok, problems } = pick('value' in outcome ? outcome.value : null, ['ok', 'problems']);
    const list = Array.isArray(problems) ? problems.map((each) => pick(each, ['code', 'name'])) : null;
    const meets = (each: Row, { code, names }: { code: string; names: readonly string[] }): boolean =>
      each['code'] === code && names.some((name) => each['name'] === name);
    const fits =
      list !== null &&
      ok === (expected.length === 0) &&
      expected.every((one) => list.some((each) => meets(each, one))) &&
      list.every((each) => expected.some((one) => meets(each, one)));
    if (fits) return;
    const wanted = expected.map(({ code, names }) => ({ code, name: names.join(' or ') }));
    throw new Unmet({
      expected: show({ ok: expected.length === 0, problems: wanted }),
      got: outcomeText(outcome),
      sent: this.made.sent('verify', []),
    });
  }

  /** The names in the history, and all tables but those of the migrator: from outside. */
  async holds(names: readonly string[], tables: readonly string[]): Promise<void> {
    const { history, there } = await this.look();
    if (!same(history, [...names].toSorted()))
      throw new Unmet({
        expected: `in the history: ${list(names)}`,
        got: list(history),
        sent: 'SELECT name FROM schema_migrations',
      });
    if (!same(there, [...tables].toSorted()))
      throw new Unmet({ expected: `these tables: ${list(tables)}`, got: list(there) });
  }

  /** What stands in the history, and all tables but those of the migrator, sorted. */
  async look(): Promise<{ history: string[]; there: string[] }> {
    const outside = this.t.database(this.db);
    const both = `SELECT 'history' AS kind, name FROM schema_migrations UNION ALL ${TABLES}`;
    // There may be no history yet.
    const rows = await outside.query(both).catch(() => outside.query(TABLES));
    const of = (kind: string): string[] =>
      rows
        .filter((row) => row['kind'] === kind)
        .map((row) => String(row['name']))
        .toSorted();
    return { history: of('history'), there: of('table') };
  }

  private async mustTell(
    method: string,
    args: readonly number[],
    field: string,
    names: readonly string[],
  ): Promise<void> {
    const outcome = await this.made.call(method, args);
    if (same(namesOf(outcome, field), names)) return;
    throw new Unmet({
      expected: show({ [field]: names }),
      got: outcomeText(outcome),
      sent: this.made.sent(method, args),
    });
  }
}

/** A list in the result of a call; undefined: there is none. */
export function namesOf(outcome: CallOutcome, field: string): unknown {
  if (!('value' in outcome) || typeof outcome.value !== 'object' || outcome.value === null) return undefined;
  return (outcome.value as Row)[field];
}

export function outcomeText(outcome: CallOutcome): string {
  if ('value' in outcome) return show(outcome.value);
  const { name, message, code } = outcome.threw;
  return `it threw ${name}: ${message}${code === null ? '' : ` (code ${code})`}`;
}

export function must(holds: boolean, expected: string, got: string, sent: string | null = null): void {
  if (!holds) throw new Unmet({ expected, got, sent });
}

function pick(value: unknown, keys: readonly string[]): Row {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(keys.map((key) => [key, (value as Row)[key]]));
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
