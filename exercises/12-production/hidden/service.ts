// canary 48168693649f4973b344a9f5
import { eventually, place, Unmet } from '#suite';
import type { Answer, App, Program, RawConnection, Trial } from '#suite';
import { lineOf } from './stage.ts';
import type { Line } from './stage.ts';

/** A program that listens. */
export type Service = { t: Trial; program: Program; app: App; token: string };

/** Settings that are right, on any free port. */
export function settings(t: Trial): Record<string, unknown> {
  return { APP_DB: place('app.sqlite'), APP_METRICS_TOKEN: t.random.word(24), APP_PORT: '0' };
}

/** Starts the program and waits until it listens. */
export async function startService(t: Trial, more: Readonly<Record<string, unknown>> = {}): Promise<Service> {
  const env = { ...settings(t), ...more };
  const program = await t.start({ env });
  const line = lineOf(await program.line('a log line with msg "listening" and port', isListening));
  return { t, program, app: program.app(line['port'] as number), token: String(env['APP_METRICS_TOKEN']) };
}

/**
 * Starts the program on this port, which was free a moment ago, with a level of the log at which nobody says that it
 * listens. Should somebody else have taken the port meanwhile, another one is tried, once.
 */
export async function startQuietly(t: Trial, port: number, again = true): Promise<Service> {
  const token = t.random.word(24);
  const program = await t.start({
    env: {
      APP_DB: place('quiet.sqlite'),
      APP_METRICS_TOKEN: token,
      APP_PORT: String(port),
      APP_LOG_LEVEL: 'warn',
    },
  });
  const app = program.app(port);
  let ended = false;
  const listens = await eventually(async () => {
    ended = (await program.exit(0)) !== null;
    return ended || (await takesConnections(app));
  }, 3 * t.patience);
  if (ended && again) {
    const other = await startService(t, { APP_DB: place('other.sqlite') });
    await other.program.kill();
    return await startQuietly(t, other.app.port, false);
  }
  if (ended || !listens)
    throw new Unmet({
      expected: `it listens on 127.0.0.1:${port}`,
      got: ended ? `it ended: ${program.printed.slice(-300)}` : 'nobody takes a connection there',
      sent: `APP_PORT=${port} APP_LOG_LEVEL=warn`,
    });
  return { t, program, app, token };
}

export function isListening(text: string): boolean {
  try {
    const { msg, port } = lineOf(text);
    return msg === 'listening' && Number.isInteger(port) && Number(port) > 0;
  } catch {
    return false;
  }
}

/** All lines of stdout so far. */
export function linesOfProgram({ program }: Pick<Service, 'program'>): Line[] {
  return program.lines.map((line) => lineOf(line));
}

/** One request on a connection of its own, which is closed behind it. */
export async function ask({ app }: Service, target: string): Promise<Answer> {
  return await app.raw(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
}

/** A new note whose text arrives in two pieces: between them the request is under way. */
export type UnderWay = { connection: RawConnection; rest: string };

export async function beginNote(service: Service, connection: 'close' | 'keep-alive'): Promise<UnderWay> {
  const body = JSON.stringify({ text: service.t.random.word() });
  const raw = await service.app.connect();
  await raw.write(
    `POST /notes HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
  );
  return { connection: raw, rest: body.slice(5) };
}

/** Sends the rest, and gives back the answer. */
export async function finishNote({ app }: Service, { connection, rest }: UnderWay): Promise<Answer> {
  await connection.write(rest);
  return await app.read(connection);
}

/** What was sent before this has reached the program: it answers one request after another. */
export async function reached(service: Service): Promise<void> {
  (await ask(service, '/livez')).mustBe(200);
}

/** Waits until nobody takes a new connection. */
export async function mustRefuseConnections({ t, app }: Service): Promise<void> {
  const refused = await eventually(async () => !(await takesConnections(app)), t.patience);
  if (!refused)
    throw new Unmet({ expected: 'no new connections after the signal', got: 'it still takes them' });
}

async function takesConnections(app: App): Promise<boolean> {
  try {
    (await app.connect()).close();
    return true;
  } catch (error) {
    if (error instanceof Unmet) return false;
    throw error;
  }
}

/** Waits for the end of the program. `within`: milliseconds. */
export async function mustExit(
  { t, program }: Service,
  code: number,
  within: number = t.patience,
): Promise<void> {
  const exit = await program.exit(within);
  const got =
    exit === null
      ? 'it still runs'
      : exit.signal === null
        ? `exit code ${exit.code}`
        : `ended by ${exit.signal}`;
  if (exit?.code !== code)
    throw new Unmet({
      expected: `exit code ${code}`,
      got,
      ...(exit === null ? { cause: 'hung' as const } : {}),
    });
}
