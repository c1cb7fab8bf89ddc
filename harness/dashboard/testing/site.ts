import { assignedIn } from '../../cli/assigned.ts';
import { request } from 'node:http';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Engine } from '../../check/engine.ts';
import type { Context } from '../../cli/context.ts';
import { allExercises, withProgress } from '../../cli/exercises.ts';
import { libraryOf } from '../../cli/quiz.ts';
import { StartDesk } from '../../cli/start-desk.ts';
import { smallWorkbook } from '../../cli/testing/fake-context.ts';
import type { PageDesk } from '../desk.ts';
import { startPageServer } from '../server.ts';

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

/** A page that runs for one test. */
export type TestSite = {
  root: string;
  port: number;
  origin: string;
  /** The token that stands in its pages. */
  token: string;
  /** What the page itself reported as failures of ours. */
  failures: unknown[];
  /** Sends exactly these headers; `Host` is the right one unless given. */
  ask: (method: string, path: string, headers?: Record<string, string>, body?: string) => Promise<Answer>;
  /** A change as the page's own form sends it. */
  change: (
    path: string,
    fields?: Record<string, string>,
    headers?: Record<string, string>,
  ) => Promise<Answer>;
};

/** Starts the page on a made-up workbook of two exercises. `adapt` replaces what a test is about. */
export async function testSite(adapt: (desk: StartDesk) => PageDesk = (desk) => desk): Promise<TestSite> {
  const root = smallWorkbook();
  const build = join(process.cwd(), '.workbook', 'build');
  const context: Context = {
    root,
    build,
    cwd: root,
    env: {},
    now: Date.now,
    terminal: { out: () => {}, err: () => {}, columns: 80, colour: false, unicode: true, live: false },
  };
  const failures: unknown[] = [];
  const listed = allExercises(context);
  if (!listed.ok) throw new Error(listed.message);
  let end = (): void => {};
  const over = new Promise<void>((resolve) => (end = resolve));
  const site = await new Promise<TestSite>((resolve, reject) => {
    const running = withProgress(context, async (access) => {
      const assigned = await assignedIn(context, listed.value);
      const engine = new Engine(root, build);
      const desk = new StartDesk({ context, engine, listed: listed.value, assigned, access });
      const started = await startPageServer({
        desk: adapt(desk),
        library: libraryOf(context, listed.value, access),
        root,
        build,
        env: { PATH: '' },
        port: 0,
        onFailure: (error) => failures.push(error),
      });
      if (!started.ok) throw new Error(started.why);
      const { port, close } = started.server;
      const ask = asking(port);
      const token = /name="workbook-token" content="([^"]+)"/.exec((await ask('GET', '/')).body)?.[1] ?? '';
      const origin = `http://127.0.0.1:${port}`;
      resolve({
        root,
        port,
        origin,
        token,
        failures,
        ask,
        change: (path, fields = {}, headers = {}) =>
          ask(
            'POST',
            path,
            { ...FORM, Origin: origin, ...headers },
            String(new URLSearchParams({ token, ...fields })),
          ),
      });
      await over;
      await close();
      await desk.close();
    });
    running.catch(reject);
    onTestFinished(async () => {
      end();
      await running;
    });
  });
  return site;
}

export const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

function asking(port: number): TestSite['ask'] {
  return (method, path, headers = {}, body = '') =>
    new Promise((resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port,
          method,
          path,
          agent: false,
          headers,
          setHost: headers['Host'] === undefined,
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (piece: string) => {
            text += piece;
            // A stream of events has no end.
            if (String(response.headers['content-type']).startsWith('text/event-stream')) response.destroy();
          });
          response.once('close', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
          );
        },
      );
      sent.once('error', reject);
      sent.end(body);
    });
}
