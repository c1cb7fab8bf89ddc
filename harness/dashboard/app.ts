import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import express from 'express';
import type { Express, NextFunction, Request, Response } from 'express';
import type { Exercise } from '../catalog/exercise.ts';
import type { Library } from '../quiz/library.ts';
import type { Outcome, PageDesk } from './desk.ts';
import { chooseEditor, startEditor } from './editor.ts';
import type { Events } from './events.ts';
import { exercisePage, resetPage } from './exercise-page.ts';
import { messagePage } from './frame.ts';
import type { Site } from './frame.ts';
import { guard, queryTokenGuard, tokenGuard } from './guard.ts';
import { historyChanges, historyPages, IMPORT } from './history-routes.ts';
import type { Live } from './live.ts';
import { LOOKS } from './look.ts';
import type { Look } from './look.ts';
import { mapBody, mapPage } from './map-page.ts';
import { panel, spoken } from './panel.ts';
import type { PanelParts } from './panel.ts';
import { QuizRoutes } from './quiz-routes.ts';
import { send, textOf } from './reply.ts';
import { askSolutionPage, solutionPage } from './solution-page.ts';

export type AppParts = {
  desk: PageDesk;
  library: Library;
  live: Live;
  events: Events;
  site: Site;
  /** Remembers the colours that were chosen. */
  keepLook: (look: Look) => void;
  hosts: () => readonly string[];
  /** The folder of the built page. */
  assets: string;
  env: Readonly<Record<string, string | undefined>>;
  /** A failure of ours, for the terminal. */
  onFailure: (error: unknown) => void;
};

/** The pages and what they can change. Every address is looked up in a list; none becomes a path of a file. */
export class PageApp {
  readonly express: Express;
  private readonly parts: AppParts;
  /** What came of a change that a page without its script asked for; shown once, on the page that follows. */
  private readonly said = new Map<string, string>();

  constructor(parts: AppParts) {
    this.parts = parts;
    this.express = express();
    this.express.disable('x-powered-by').disable('etag').set('query parser', 'simple');
    this.express.use(guard({ hosts: parts.hosts }));
    this.assets();
    const quiz = new QuizRoutes({
      site: parts.site,
      library: parts.library,
      notes: () => parts.desk.notes(),
    });
    this.pages();
    quiz.pages(this.express);
    historyPages(this.express, parts.site, parts.desk, (request) => this.take(request));
    // What was exported is longer than any other form.
    this.express.use(IMPORT, express.urlencoded({ extended: false, limit: '16mb', parameterLimit: 4 }));
    this.express.use(express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 100 }));
    this.express.use((request, response, next) =>
      request.method === 'POST' ? tokenGuard(parts.site.token)(request, response, next) : next(),
    );
    this.changes();
    quiz.changes(this.express);
    historyChanges(this.express, parts.desk, {
      onImport: () => this.refreshed(),
      keep: (message) => this.keep(message),
    });
    this.lookChange();
    this.express.use((request, response) => this.missing(request, response));
    this.express.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
      if (response.headersSent) return next(error);
      this.failed(error, request, response);
    });
  }

  /** Tells the pages that look at an exercise, and the map. */
  changed(exercise: Exercise): void {
    void this.panelOf(exercise).then((parts) => {
      const { events, desk } = this.parts;
      events.send(exercise.id, 'panel', { html: panel(parts).text, spoken: spoken(parts) });
      if (!parts.standing.busy)
        events.send('map', 'map', { html: mapBody(desk.overview(), desk.place()).text });
    }, this.parts.onFailure);
  }

  /** Something else wrote to the progress file. */
  refreshed(): void {
    const { desk, events } = this.parts;
    events.send('map', 'map', { html: mapBody(desk.overview(), desk.place()).text });
    for (const exercise of desk.exercises()) {
      if (events.has(exercise.id)) this.changed(exercise);
    }
  }

  private assets(): void {
    for (const [name, type] of [
      ['page.css', 'text/css; charset=utf-8'],
      ['page.js', 'text/javascript; charset=utf-8'],
    ] as const) {
      const text = readFileSync(join(this.parts.assets, name), 'utf8');
      this.express.get(`/assets/${name}`, (_request, response) => {
        response.set('Content-Type', type).send(text);
      });
    }
  }

  private pages(): void {
    const { desk, site, events, live } = this.parts;
    const app = this.express;
    app.get('/', (_request, response) => {
      send(response, mapPage({ site, overview: desk.overview(), place: desk.place(), notes: desk.notes() }));
    });
    app.get('/events', queryTokenGuard(site.token), (request, response) => {
      const topic = textOf(request.query['topic']);
      const exercise = this.find(topic);
      if (exercise === null) {
        events.add(response, 'map', () => {});
        events.sendTo(response, 'map', { html: mapBody(desk.overview(), desk.place()).text });
        return;
      }
      const leave = desk.lock(exercise).kind === 'open' ? live.look(exercise) : () => {};
      events.add(response, exercise.id, leave);
      this.changed(exercise);
    });
    this.onExercise('', async (exercise, request, response) => {
      if (desk.lock(exercise).kind === 'open') desk.keepPlace(exercise);
      const parts = await this.panelOf(exercise);
      send(response, exercisePage({ ...parts, notes: desk.notes(), said: this.take(request) }));
    });
    this.onExercise('/reset', async (exercise, _request, response) => {
      const plan = await desk.resetPlan(exercise);
      if (plan.ok) send(response, resetPage(site, exercise, plan.replacement));
      else send(response, messagePage(site, 'Nothing can be put back', plan.message), 409);
    });
    this.onExercise('/solution', async (exercise, request, response) => {
      if (desk.lock(exercise).kind === 'locked') return this.locked(exercise, response);
      const state = desk.state(exercise.id);
      if (state.solutionShownAt === null) {
        return send(response, askSolutionPage(site, exercise, state.passedAt !== null));
      }
      await this.solution(exercise, textOf(request.query['way']) || 'solution', response);
    });
  }

  private changes(): void {
    const { desk, live } = this.parts;
    this.onChange('check', async (exercise, _body, isHeard) => {
      const checked = live.check(exercise);
      // A page that hears of the verdict as it comes keeps no connection waiting for it.
      if (!isHeard) await checked;
      return { ok: true, message: '' };
    });
    this.onChange('stop', async (exercise) => {
      await live.stop(exercise);
      return { ok: true, message: 'Stopped.' };
    });
    this.onChange('hint', (exercise, body) => {
      const rule = exercise.rules.find(({ id }) => id === body['rule']);
      if (rule === undefined) return { ok: false, message: 'There is no such rule.' };
      const outcome = desk.showHint(exercise, rule.id);
      this.changed(exercise);
      return outcome;
    });
    this.onChange('open', async (exercise, body) => await this.open(exercise, body));
    this.onChange('reset', async (exercise) => {
      const outcome = await desk.reset(exercise);
      if (outcome.ok) await live.check(exercise, { force: false });
      return outcome;
    });
    this.onChange(
      'solution',
      (exercise) => desk.showSolution(exercise.id),
      (id) => `/exercise/${id}/solution`,
    );
    for (const name of ['unlock', 'skip'] as const) {
      this.onChange(
        name,
        (exercise) => {
          const outcome = desk[name](exercise.id);
          this.refreshed();
          return outcome;
        },
        (id, body) => `/exercise/${this.find(textOf(body['back']))?.id ?? id}`,
      );
    }
  }

  /** The colours of all pages; the one that asked is shown again. */
  private lookChange(): void {
    this.express.post('/look', (request, response) => {
      const body = (request.body ?? {}) as Body;
      const look = LOOKS.find((each) => each === body['look']);
      if (look !== undefined) {
        this.parts.site.look = look;
        this.parts.keepLook(look);
      }
      if (request.accepts(['html', 'json']) === 'json') response.json({ ok: look !== undefined });
      else response.redirect(303, this.cameFrom(request));
    });
  }

  /** The page of ours that a form was sent from. */
  private cameFrom({ headers }: Request): string {
    const { referer = '' } = headers;
    if (!URL.canParse(referer)) return '/';
    const { host, pathname, search } = new URL(referer);
    // Two slashes in front would lead to another host.
    return this.parts.hosts().includes(host) && !pathname.startsWith('//') ? `${pathname}${search}` : '/';
  }

  /** Opens one of the learner's files; anything else is none of the page's business. */
  private async open(exercise: Exercise, body: Body): Promise<Outcome> {
    const { desk, env } = this.parts;
    const { sources } = await desk.read(exercise);
    const file = textOf(body['file']);
    if (!sources.ok || !sources.files.has(file))
      return { ok: false, message: 'There is no such file of yours.' };
    const line = Number(body['line'] ?? 1);
    const at = Number.isSafeInteger(line) && line > 0 ? line : 1;
    const shown = `exercises/${exercise.id}/${file}:${at}`;
    const chosen = chooseEditor(join(exercise.folder, file), at, env);
    if (!chosen.ok) {
      return {
        ok: false,
        message:
          chosen.why === 'terminal'
            ? `Your editor runs in a terminal. Open it there: ${shown}`
            : `No editor was found. Set VISUAL to yours, for example VISUAL=code, and start the page again. The file: ${shown}`,
      };
    }
    return (await startEditor(chosen))
      ? { ok: true, message: `Opened ${shown}` }
      : { ok: false, message: `Your editor could not be started. The file: ${shown}` };
  }

  private async solution(exercise: Exercise, name: string, response: Response): Promise<void> {
    const { desk, site } = this.parts;
    const read = await desk.solution(exercise);
    if (!read.ok) return send(response, messagePage(site, 'There is no solution', read.message), 404);
    const ways = [read.solution, ...read.variants];
    const way = ways.find((each) => each.name === name);
    if (way === undefined)
      return send(response, messagePage(site, 'Not found', 'There is no such program.'), 404);
    const { sources } = await desk.read(exercise);
    send(
      response,
      solutionPage({
        site,
        exercise,
        way,
        others: ways.filter((each) => each !== way),
        diffs: sources.ok ? desk.diff(sources.files, way.files) : null,
      }),
    );
  }

  private async panelOf(exercise: Exercise): Promise<PanelParts> {
    const { desk, live, site } = this.parts;
    const { sources } = await desk.read(exercise);
    return {
      site,
      exercise,
      standing: live.standing(exercise.id),
      state: desk.state(exercise.id),
      lock: desk.lock(exercise),
      hints: desk.hints(exercise),
      files: sources.ok ? sources.files : null,
      next: desk.next(exercise),
      due: desk.due(exercise),
    };
  }

  private find(id: string): Exercise | null {
    return this.parts.desk.exercises().find((exercise) => exercise.id === id) ?? null;
  }

  private onExercise(
    path: string,
    work: (exercise: Exercise, request: Request, response: Response) => Promise<void> | void,
  ): void {
    this.express.get(`/exercise/:id${path}`, async (request, response, next) => {
      const exercise = this.find(textOf(request.params['id']));
      if (exercise === null) return next();
      await work(exercise, request, response);
    });
  }

  /** `isHeard`: a page listens to the exercise. `then`: where a page without its script goes on. */
  private onChange(
    name: string,
    work: (exercise: Exercise, body: Body, isHeard: boolean) => Promise<Outcome> | Outcome,
    then: (id: string, body: Body) => string = (id) => `/exercise/${id}`,
  ): void {
    this.express.post(`/exercise/:id/${name}`, async (request, response, next) => {
      const exercise = this.find(textOf(request.params['id']));
      if (exercise === null) return next();
      const isLocked = this.parts.desk.lock(exercise).kind === 'locked';
      if (isLocked && name !== 'unlock' && name !== 'skip') return this.locked(exercise, response);
      const body = (request.body ?? {}) as Body;
      const isScript = request.accepts(['html', 'json']) === 'json';
      const outcome = await work(exercise, body, isScript && this.parts.events.has(exercise.id));
      const to = then(exercise.id, body);
      if (isScript) response.json({ ...outcome, to });
      else response.redirect(303, outcome.message === '' ? to : `${to}?said=${this.keep(outcome.message)}`);
    });
  }

  private keep(message: string): string {
    const id = randomBytes(9).toString('base64url');
    if (this.said.size > 100) this.said.clear();
    this.said.set(id, message);
    return id;
  }

  private take(request: Request): string | null {
    const id = textOf(request.query['said']);
    const message = this.said.get(id) ?? null;
    this.said.delete(id);
    return message;
  }

  private locked({ id }: Exercise, response: Response): void {
    send(
      response,
      messagePage(this.parts.site, `${id} is locked`, 'Its page says why, and how to open it.'),
      403,
    );
  }

  private missing(_request: Request, response: Response): void {
    send(response, messagePage(this.parts.site, 'Not found', 'There is no such page here.'), 404);
  }

  private failed(error: unknown, _request: Request, response: Response): void {
    const status = clientStatus(error);
    if (status === null) this.parts.onFailure(error);
    const text = status === null ? FAILED : 'The request could not be read.';
    send(response, messagePage(this.parts.site, 'That did not work', text), status ?? 500);
  }
}

type Body = Record<string, unknown>;

/** The status of an error that the request caused, as body parsers and the router mark them. */
function clientStatus(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 500 ? status : null;
}

const FAILED = 'The workbook itself failed. This is a bug of ours; the terminal in which it runs shows more.';
