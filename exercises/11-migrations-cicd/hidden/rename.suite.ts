// canary 02cd169c079d8542733c2bbd
import { database, eventually, played, rule, show, step, Unmet } from '#suite';
import type { CallOutcome, Trial } from '#suite';
import { migrator, must, outcomeText } from './stage.ts';
import {
  CONTRACT,
  EXPAND,
  FOLDER,
  GIVEN,
  addresses,
  expand,
  expanded,
  file,
  gone,
  newcomer,
  one,
  renamed,
  three,
  today,
  two,
  works,
} from './rename.ts';

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
  const emails = addresses(t, 4 * BATCH);
  const users = await today(t, emails);
  await expanded(t);
  const pause = t.play('pause');
  // An empty text is a text, and newer than the name that is still there.
  await t.database('app').execute(three.change(...renamed(t, users, emails.at(-1) ?? '', '')));
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
