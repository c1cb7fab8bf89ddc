// canary 7a542961b6132b99dcecb0a1
import { eventually, rule, step, Unmet } from '#suite';
import type { Answer, Trial } from '#suite';
import { CHECK_TIMEOUT, newNote, openApp } from './stage.ts';
import type { Opened } from './stage.ts';

const ready = ({ app }: Opened): Promise<Answer> => app.get('/readyz');
const live = ({ app }: Opened): Promise<Answer> => app.get('/livez');

rule('R2', async (t) => {
  const opened = await openApp(t, { checks: ['database', 'queue', 'mailer'] });
  await step(t, 'all is well', async () => {
    (await live(opened)).mustBe(200);
    (await ready(opened)).mustBe(200);
  });
  await step(t, 'asked again while the first answer is not there', async () => {
    const queue = t.play('queue').hold();
    const answers = Promise.all([ready(opened), ready(opened)]);
    answers.catch(() => {});
    const both = await eventually(() => Promise.resolve(queue.waiting >= 2), t.patience);
    if (!both)
      throw new Unmet({
        expected: 'each request calls the checks anew',
        got: `${queue.waiting} call of a check that takes its time`,
        sent: 'GET /readyz, twice',
      });
    await queue.release();
    for (const answer of await answers) answer.mustBe(200);
  });
  for (const name of t.random.shuffle(['database', 'queue', 'mailer'])) {
    await step(t, 'one check fails', async () => {
      t.play(name).fails(t.random.word());
      (await ready(opened)).mustBe(503);
      (await live(opened)).mustBe(200);
    });
    await step(t, 'and it is well again', async () => {
      t.play(name).answers(() => undefined);
      (await ready(opened)).mustBe(200);
    });
  }
  await step(t, 'everything fails', async () => {
    for (const name of ['database', 'queue', 'mailer']) t.play(name).fails(t.random.word());
    await t.database('app').breakTables();
    (await ready(opened)).mustBe(503);
    (await live(opened)).mustBe(200);
    await t.database('app').healTables();
  });
  await step(t, 'the process lives while a check hangs', async () => {
    t.play('queue').hold();
    (await live(opened)).mustBe(200);
  });
});

rule('R3', async (t) => {
  await step(t, 'a check that is slow, but in time', async () => {
    const opened = await openApp(t, { checks: ['slow', 'fast'] });
    const answer = await asked(t, opened, ['slow'], async () => {
      await t.clock.advance(CHECK_TIMEOUT - 1);
      await t.play('slow').release();
    });
    answer.mustBe(200);
  });
  await step(t, 'a check that hangs', async () => {
    const opened = await openApp(t, { checks: ['first', 'hangs', 'last'] });
    const answer = await asked(t, opened, ['hangs'], () => t.clock.advance(CHECK_TIMEOUT));
    answer.mustBe(503);
    await t.play('hangs').release();
    (await ready(opened)).mustBe(200);
  });
  await step(t, 'several that hang, and one that fails', async () => {
    const opened = await openApp(t, { checks: ['one', 'two', 'three', 'fails'] });
    t.play('fails').fails('down');
    const answer = await asked(t, opened, ['one', 'two', 'three'], () => t.clock.advance(CHECK_TIMEOUT));
    answer.mustBe(503);
  });
});

/** The answer of /readyz, when these checks hang; `during` happens while it waits for them. */
async function asked(
  t: Trial,
  opened: Opened,
  hanging: readonly string[],
  during: () => Promise<void>,
): Promise<Answer> {
  for (const name of hanging) t.play(name).hold();
  const answer = ready(opened);
  answer.catch(() => {});
  const all = await eventually(
    () => Promise.resolve(hanging.every((name) => t.play(name).waiting > 0)),
    t.patience,
  );
  if (!all) {
    const got = hanging.filter((name) => t.play(name).waiting === 0).join(', ');
    throw new Unmet({
      expected: 'all checks called at the same time',
      got: `not called: ${got}`,
      sent: 'GET /readyz',
    });
  }
  await t.clock.waiting(1);
  await t.quiet();
  await during();
  return await answer;
}

rule('R17', async (t) => {
  const opened = await openApp(t, { checks: ['database', 'queue'] });
  const [word, host] = [t.random.word(16), t.random.word(16)];
  const well = await step(t, 'all is well', async () => (await ready(opened)).mustBe(200));
  t.play('database').fails(`${word}: cannot reach ${host}.internal:5432`, { code: 'ECONNREFUSED' });
  const failing = await step(t, 'a check fails', async () => (await ready(opened)).mustBe(503));
  const alive = (await live(opened)).mustBe(200);
  for (const answer of [well, failing, alive]) {
    await step(t, 'the answer names no reason', async () => {
      answer.must(
        'no message, no code and no stack of an error, and no version',
        ({ text, headers }) =>
          ![word, host, 'ECONNREFUSED', '5432'].some((part) =>
            (text + JSON.stringify(headers)).includes(part),
          ) && !/\n\s+at |\bv?\d+\.\d+\.\d+\b/.test(text),
      );
    });
  }
  await step(t, 'X-Powered-By', async () => {
    const note = await newNote(opened);
    for (const path of ['/livez', '/readyz', `/notes/${note}`, `/${t.random.word()}`])
      (await opened.app.get(path)).must(
        'no header X-Powered-By',
        (answer) => answer.header('x-powered-by') === null,
      );
  });
});
