import type { Database } from 'better-sqlite3';
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { Exchange, Refusal } from './exchange.ts';
import { Journal, type Level, stackOf } from './journal.ts';
import { type Mail, Notes } from './notes.ts';
import { Registry } from './registry.ts';

export type Check = { name: string; check: () => Promise<unknown> };

export type Dependencies = {
  db: Database;
  mail: Mail;
  checks: Check[];
  checkTimeoutMs: number;
  clock: { now(): number; sleep(ms: number): Promise<unknown> };
  write: (text: string) => unknown;
  metricsToken: string;
  /** Only the program says it. */
  level?: Level;
};

type Route = {
  pattern: RegExp;
  name: string;
  methods: Record<string, (exchange: Exchange) => Promise<void> | void>;
};

class Service {
  private readonly given: Dependencies;
  private readonly notes: Notes;
  private readonly registry = new Registry();
  private readonly routes: Route[] = [
    { pattern: /^\/notes$/, name: '/notes', methods: { POST: (exchange) => this.add(exchange) } },
    {
      pattern: /^\/notes\/([^/]+)$/,
      name: '/notes/:id',
      methods: { GET: (exchange) => this.show(exchange) },
    },
    {
      pattern: /^\/livez$/,
      name: '/livez',
      methods: { GET: (exchange) => exchange.json(200, { alive: true }) },
    },
    { pattern: /^\/readyz$/, name: '/readyz', methods: { GET: (exchange) => this.ready(exchange) } },
    { pattern: /^\/metrics$/, name: '/metrics', methods: { GET: (exchange) => this.metrics(exchange) } },
  ];

  constructor(given: Dependencies) {
    this.given = given;
    this.notes = new Notes(given.db);
  }

  server(): Server {
    const { clock, write, level } = this.given;
    const journal = new Journal(() => clock.now(), write, level);
    return createServer((request, response) => {
      const began = clock.now();
      const exchange = new Exchange(request, response, journal);
      const route = this.routes.find(({ pattern }) => pattern.test(exchange.path));
      this.registry.inFlight.value += 1;
      response.once('close', () => {
        this.registry.inFlight.value -= 1;
        this.record(exchange, route?.name ?? 'none', clock.now() - began);
      });
      void this.answer(exchange, route);
    });
  }

  private record(exchange: Exchange, route: string, durationMs: number): void {
    const { method, path, status } = exchange;
    this.registry.total.add({ method, route, status: String(status) });
    this.registry.seconds.observe({ method, route }, durationMs / 1000);
    exchange.journal.line('info', 'answered', { method, path, status, durationMs });
  }

  private async answer(exchange: Exchange, route: Route | undefined): Promise<void> {
    try {
      if (route === undefined) throw new Refusal(404, 'not found');
      const act = route.methods[exchange.method];
      if (act === undefined) throw new Refusal(405, 'this method is not for this path');
      await act(exchange);
    } catch (error) {
      if (error instanceof Refusal) {
        exchange.json(error.status, { error: error.message });
      } else if (!exchange.request.errored) {
        exchange.journal.line('error', 'a request failed', {
          stack: exchange.censored(stackOf(error), this.given.metricsToken),
        });
        exchange.json(500, { error: 'something went wrong' });
      }
    }
  }

  private async add(exchange: Exchange): Promise<void> {
    const body = await exchange.body();
    const text: unknown = typeof body === 'object' && body !== null && 'text' in body ? body.text : undefined;
    if (typeof text !== 'string' || text === '' || text.length > 1000) throw new Refusal(400, 'no good text');
    const note = this.notes.add(text);
    try {
      await this.given.mail(note);
    } catch (error) {
      // A mailer may throw whatever it likes; here it is never a refusal.
      throw error instanceof Refusal ? new Error('the mailer refused', { cause: error }) : error;
    }
    exchange.journal.line('info', 'a note was added', { noteId: note.id });
    exchange.json(201, note);
  }

  private show(exchange: Exchange): void {
    const note = this.notes.find(exchange.path.slice('/notes/'.length));
    if (note === undefined) throw new Refusal(404, 'no such note');
    exchange.json(200, note);
  }

  private async ready(exchange: Exchange): Promise<void> {
    const { checks, checkTimeoutMs, clock } = this.given;
    const late = clock.sleep(checkTimeoutMs).then(() => false);
    const well = checks.map(async ({ check }) => {
      try {
        await check();
        return true;
      } catch {
        return false;
      }
    });
    const answers = await Promise.all(well.map((one) => Promise.race([one, late])));
    const ready = answers.every(Boolean);
    exchange.json(ready ? 200 : 503, { ready });
  }

  private metrics(exchange: Exchange): void {
    const [scheme = '', token = ''] = (exchange.request.headers.authorization ?? '').split(' ');
    const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
    const allowed =
      scheme.toLowerCase() === 'bearer' && timingSafeEqual(hash(token), hash(this.given.metricsToken));
    if (!allowed) {
      exchange.header('www-authenticate', 'Bearer');
      throw new Refusal(401, 'not for you');
    }
    exchange.send(200, 'text/plain; version=0.0.4; charset=utf-8', this.registry.render());
  }
}

export function createApp(dependencies: Dependencies): Server {
  return new Service(dependencies).server();
}
