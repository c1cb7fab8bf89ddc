// canary 8c1cb5db56876c251193e3c4
import { eventually, place, rule, step, Unmet } from '#suite';
import type { Trial } from '#suite';
import {
  ask,
  beginNote,
  finishNote,
  isListening,
  linesOfProgram,
  mustExit,
  mustRefuseConnections,
  reached,
  settings,
  startQuietly,
  startService,
} from './service.ts';
import { linesOf, must } from './stage.ts';
import type { Line } from './stage.ts';

rule('R1', async (t) => {
  const secret = (): string => t.random.word(20);
  const good = settings(t);
  const [strange, misspelt] = [secret(), secret()];
  const short = t.random.word(15);
  const wrong = {
    APP_METRICS_TOKEN: short,
    APP_PORT: '65536',
    APP_LOG_LEVEL: 'loud',
    // Number() reads it as 80, parseInt as 0, and both are in range.
    APP_DRAIN_MS: '0x50',
    APP_GRACE_MS: '1.5',
    APP_PROT: strange,
  };
  const empty = {
    APP_DB: '',
    APP_PORT: '',
    APP_LOG_LEVEL: '',
    APP_DRAIN_MS: '60001',
    APP_GRACE_MS: '0',
  };
  const [service, ...refusals] = await step(t, 'settings that are right, and others', () =>
    Promise.all([
      startService(t, {
        APP_METRICS_TOKEN: t.random.word(16),
        APP_DRAIN_MS: '60000',
        APP_GRACE_MS: '1',
        OTHER: 'x',
      }),
      refusal(t, wrong),
      refusal(t, empty),
      refusal(t, { ...good, APP_GRACE_SM: misspelt }),
    ]),
  );
  await step(t, 'it works with settings that are right', async () => {
    const note = await beginNote(service, 'close');
    (await finishNote(service, note)).mustBe(201);
    must((await t.found('app.sqlite')).kind === 'file', 'a database at APP_DB', 'no file there');
    // Behind its end all that it wrote has arrived here.
    await service.program.kill();
    for (const line of linesOfProgram(service))
      must('time' in line && 'level' in line, 'log lines with time and level', JSON.stringify(line));
  });
  await step(t, 'the port that is asked for, and no lines below APP_LOG_LEVEL', async () => {
    const quiet = await startQuietly(t, service.app.port);
    (await ask(quiet, '/livez')).mustBe(200);
    (await ask(quiet, '/readyz')).mustBe(200);
    await quiet.program.kill();
    const low = linesOfProgram(quiet).find(({ level }) => level === 'info' || level === 'debug');
    must(low === undefined, 'with APP_LOG_LEVEL=warn no line of level info or debug', low);
  });
  for (const [index, [what, names, secrets]] of (
    [
      ['wrong, missing and unknown settings', [...Object.keys(wrong), 'APP_DB'], [short, strange]],
      ['empty and missing settings', [...Object.keys(empty), 'APP_METRICS_TOKEN'], []],
      ['one that nobody knows', ['APP_GRACE_SM'], [misspelt]],
    ] as const
  ).entries()) {
    await step(t, what, async () => {
      const { code, text, printed } = refusals[index] ?? { code: null, text: '', printed: '' };
      must(
        code === 1,
        'exit code 1, and it never listens',
        code === null ? 'it listens' : `exit code ${code}`,
      );
      const lines = linesOf(text);
      mustHaveMessages(lines);
      const told = lines.filter(({ level }) => level === 'error').map((line) => JSON.stringify(line));
      for (const name of names) {
        const named = new RegExp(`(?<![A-Z_])${name}(?![A-Z_])`);
        must(
          told.some((line) => named.test(line)),
          `a line of level error that names ${name}`,
          told.join('\n') || 'no line of level error',
        );
      }
      must(!secrets.some((each) => printed.includes(each)), 'no secret in the output', printed);
    });
  }
});

rule('R9', async (t) => {
  const service = await startService(t, { APP_GRACE_MS: '60000' });
  const note = await beginNote(service, 'close');
  await reached(service);
  await step(t, 'SIGTERM while a request is under way', () => service.program.signal('SIGTERM'));
  await step(t, 'no new connections', () => mustRefuseConnections(service));
  await step(t, 'the request is finished', async () => (await finishNote(service, note)).mustBe(201));
  await step(t, 'and then the program', () => mustExit(service, 0));
});

rule('R11', async (t) => {
  // The grace begins when the drain is over: as short as it may be, it cuts off nothing here.
  const service = await startService(t, { APP_DRAIN_MS: '60000', APP_GRACE_MS: '1' });
  await step(t, 'before the signal', async () => (await ask(service, '/readyz')).mustBe(200));
  await service.program.signal('SIGTERM');
  await step(t, 'SIGTERM, and it is not ready', async () => {
    await eventually(async () => (await ask(service, '/readyz')).status === 503, t.patience);
    (await ask(service, '/readyz')).mustBe(503);
  });
  await step(t, 'but it works on', async () => {
    const slow = await service.app.connect();
    await slow.write('GET /livez HTTP/1.1\r\nHos');
    (await ask(service, '/livez')).mustBe(200);
    const note = await beginNote(service, 'close');
    (await finishNote(service, note)).mustBe(201);
    await slow.write('t: localhost\r\nConnection: close\r\n\r\n');
    (await service.app.read(slow)).mustBe(200);
    must((await service.program.exit(0)) === null, 'it runs on', 'it ended');
  });
});

rule('R12', async (t) => {
  const service = await startService(t, { APP_GRACE_MS: '60000' });
  const { app } = service;
  await step(t, 'connections that are held open', async () => {
    const idle = await app.connect();
    await idle.write('GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n');
    (await app.read(idle)).mustBe(200);
    await app.connect();
    await (await app.connect()).write('GET /livez HTTP/1.1\r\nHos');
  });
  const note = await beginNote(service, 'keep-alive');
  await reached(service);
  await step(t, 'SIGINT while a request is under way', async () => {
    await service.program.signal('SIGINT');
    await mustRefuseConnections(service);
  });
  await step(t, 'the request is finished', async () => (await finishNote(service, note)).mustBe(201));
  await step(t, 'nothing else is waited for', () => mustExit(service, 0));
});

rule('R13', async (t) => {
  const service = await startService(t, { APP_GRACE_MS: '200' });
  await beginNote(service, 'close');
  await reached(service);
  await service.program.signal('SIGTERM');
  await step(t, 'a request that never ends', () => mustExit(service, 1));
  await step(t, 'the log says so', async () => {
    mustHaveMessages(linesOfProgram(service));
    must(
      linesOfProgram(service).some(({ level }) => level === 'warn' || level === 'error'),
      'a line of level warn or error',
      service.program.lines.slice(-3).join('\n'),
    );
  });
});

rule('R14', async (t) => {
  const service = await startService(t, { APP_GRACE_MS: '60000' });
  const [first, second] = [await beginNote(service, 'close'), await beginNote(service, 'close')];
  await reached(service);
  await service.program.signal('SIGTERM');
  await step(t, 'the first signal', () => mustRefuseConnections(service));
  await step(t, 'another one', async () => {
    await service.program.signal('SIGTERM');
    await service.program.signal('SIGINT');
    (await finishNote(service, first)).mustBe(201);
  });
  await step(t, 'the drain goes on', async () => {
    (await finishNote(service, second)).mustBe(201);
    await mustExit(service, 0);
  });
});

rule('R15', async (t) => {
  // With a drain that comes to its end: it is in milliseconds.
  const service = await startService(t, { APP_DRAIN_MS: '20', APP_GRACE_MS: '60000' });
  const note = await beginNote(service, 'close');
  await reached(service);
  await step(t, 'a database in WAL mode', async () =>
    must((await t.found('app.sqlite-wal')).kind === 'file', 'a file APP_DB-wal while it runs', 'none'),
  );
  await service.program.signal('SIGTERM');
  await mustRefuseConnections(service);
  await step(t, 'the last request', async () => {
    (await finishNote(service, note)).mustBe(201);
    await mustExit(service, 0);
  });
  await step(t, 'the database is closed', async () => {
    for (const name of ['app.sqlite-wal', 'app.sqlite-shm'])
      must(
        (await t.found(name)).kind === 'nothing',
        `no file ${name.replace('app.sqlite', 'APP_DB')}`,
        'it is there',
      );
    must((await t.found('app.sqlite')).kind === 'file', 'the database', 'it is gone');
  });
  await step(t, 'its line is written', async () => {
    mustHaveMessages(linesOfProgram(service));
    must(
      linesOfProgram(service).some((line) => line['path'] === '/notes' && line['status'] === 201),
      'the request line of the last request',
      service.program.lines.slice(-3).join('\n'),
    );
  });
});

rule('R16', async (t) => {
  const words = [t.random.word(16), t.random.word(16)] as const;
  const [thrown, rejected] = words;
  const [exception, rejection] = await Promise.all([
    startService(t, { NODE_OPTIONS: onHangUp(`throw new Error('${thrown}')`) }),
    startService(t, {
      APP_DB: place('other.sqlite'),
      NODE_OPTIONS: onHangUp(`Promise.reject(new Error('${rejected}'))`),
    }),
  ]);
  for (const [what, service, word] of [
    ['an exception', exception, thrown],
    ['a rejected promise', rejection, rejected],
  ] as const) {
    await step(t, what, async () => {
      await reached(service);
      await service.program.signal('SIGHUP');
      const exit = await service.program.exit();
      must(exit !== null, 'the program ends', 'it runs on');
      must(exit?.code !== 0 && exit?.code != null, 'an exit code other than 0', exit);
    });
    await step(t, `${what}: the log says so`, async () => {
      mustHaveMessages(linesOfProgram(service));
      const found = linesOfProgram(service).filter((line) => JSON.stringify(line).includes(word));
      const [line = {}] = found;
      must(found.length === 1, 'one log line that tells of it', service.program.lines.slice(-3).join('\n'));
      must(
        line['level'] === 'error' && String(line['stack']).includes(word),
        'level: error, and stack with the message',
        JSON.stringify(line),
      );
    });
  }
});

function mustHaveMessages(lines: readonly Line[]): void {
  const silent = lines.find(({ msg }) => typeof msg !== 'string' || msg === '');
  must(silent === undefined, 'on each line msg: a string that is not empty', JSON.stringify(silent));
}

/** Code that runs inside the program, outside of all requests, when SIGHUP arrives. */
function onHangUp(code: string): string {
  const text = `process.on('SIGHUP',()=>{${code}})`;
  return `--import=data:text/javascript,${encodeURIComponent(text).replaceAll("'", '%27')}`;
}

/** How a start with these settings ends: the exit code (null: it listens instead), all of stdout, and of both streams. */
async function refusal(
  t: Trial,
  env: Readonly<Record<string, unknown>>,
): Promise<{ code: number | null; text: string; printed: string }> {
  const program = await t.start({ env });
  try {
    await program.line('that it listens, or ends', isListening);
    return { code: null, text: '', printed: '' };
  } catch (error) {
    // It ended, or it does neither.
    const exit = await program.exit(0);
    if (exit === null) throw error;
    if (exit.code === null) throw new Unmet({ expected: 'exit code 1', got: `ended by ${exit.signal}` });
    const text = program.lines.map((line) => `${line}\n`).join('');
    return { code: exit.code, text, printed: program.printed };
  }
}
