import type { ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { z } from 'zod';
import { frame, FrameReader } from '../../message/frame.ts';
import { LAUNCHER_LINE, RELAY_FOLDER } from '../../message/launcher.ts';
import type { LauncherRequest, LaunchOrder } from '../../message/launcher.ts';
import { underCeiling, INSIDE_CEILING } from '../ceiling.ts';
import type { HostRequest } from '../../message/host.ts';
import type { Reply } from '../process.ts';
import type { Exit } from '../program.ts';
import { listensOn, usageOf } from './group.ts';
import { Relay } from './relay.ts';
import { bwrapPath, nodeWall, wallArguments } from './wall.ts';
import type { Wall } from './wall.ts';
import { FolderWatch } from './folder-watch.ts';

const signal = z.custom<NodeJS.Signals>(
  (value) => typeof value === 'string' && /^SIG[A-Z0-9]{1,10}$/.test(value),
);

const eventShape = z.discriminatedUnion('event', [
  z.object({ event: z.literal('done'), id: z.number() }),
  z.object({ event: z.literal('exit'), code: z.number().int().nullable(), signal: signal.nullable() }),
]);

/** More processes than this no program of an exercise needs; two of them are ours. */
export const MOST_PROCESSES = 64;

/** What our own processes inside take beside the program, in bytes. */
const OWN_MEMORY = 80 * 1024 * 1024;

export type EnclosureOptions = {
  /** What the program may see, besides what every Node.js needs. */
  wall: Wall;
  /** The built launcher, absolute. */
  launcher: string;
  /** Where the program starts, absolute. */
  folder: string;
  redis: number | null;
  /** Seconds of computing. */
  cpuSeconds: number;
};

/**
 * The trusted side of one namespace: how a program is started in it, the ways into it, how much is used in it, how the
 * program in it ended. It has no way of its own to end the namespace: that ends with the process that was spawned.
 */
export class Enclosure {
  readonly relay = new Relay();
  private readonly options: EnclosureOptions;
  private readonly folders: FolderWatch;
  private line: Duplex | null = null;
  private pid: number | undefined;
  private nextId = 1;
  /** Ports inside, by the handle of their server. */
  private readonly served = new Map<string, number>();
  private readonly asked = new Map<number, () => void>();
  private reported: Exit | null = null;

  constructor(options: EnclosureOptions) {
    this.options = options;
    this.folders = new FolderWatch(options.wall.write);
    this.relay.redis = options.redis;
  }

  /** The command that starts a program inside, with what it is given here as its environment. */
  command(command: string, args: readonly string[], descriptors: readonly number[]): Started {
    const { wall, launcher, folder, redis, cpuSeconds } = this.options;
    const node = nodeWall();
    const walls = wallArguments(
      {
        read: [...node.read, launcher, ...wall.read],
        write: wall.write,
        moved: [...(node.moved ?? []), ...(wall.moved ?? []), { from: this.relay.folder, to: RELAY_FOLDER }],
      },
      folder,
    );
    const order = { command, args, descriptors, redis } satisfies LaunchOrder;
    const inside = underCeiling(process.execPath, [...FLAGS, launcher, JSON.stringify(order)], {
      ...INSIDE_CEILING,
      cpuSeconds,
    });
    return { command: bwrapPath(), args: [...walls, '--', inside.command, ...inside.args] };
  }

  /** Takes the line to the launcher from a process that was started by `command`. */
  attach(child: ChildProcess): void {
    this.pid = child.pid;
    this.line = (child.stdio as readonly unknown[])[LAUNCHER_LINE] as Duplex;
    const reader = new FrameReader();
    this.line.on('error', () => {});
    this.line.on('data', (chunk: Buffer) => {
      const read = reader.push(chunk);
      // Only a program that got hold of the launcher writes garbage here; its end is then told by its exit code.
      if (read.kind === 'broken') return this.line?.destroy();
      for (const text of read.texts) this.hear(text);
    });
    const gone = (): void => {
      this.relay.close();
      for (const done of this.asked.values()) done();
      this.asked.clear();
    };
    child.once('error', gone);
    child.once('close', gone);
  }

  /** Sends a signal to the program itself. */
  signal(name: NodeJS.Signals): void {
    this.send({ op: 'signal', signal: name });
  }

  /** The port of this machine on which the program finds Redis on its own loopback; null: nobody listens there. */
  async offerRedis(port: number | null): Promise<void> {
    if (this.pid === undefined || port === this.relay.redis) return;
    this.relay.redis = port;
    const id = this.nextId++;
    await new Promise<void>((resolve) => {
      this.asked.set(id, resolve);
      if (!this.send({ op: 'redis', id, port })) resolve();
    });
    this.asked.delete(id);
  }

  /** The port of this machine that leads to a port of the program, if somebody listens there; else one where nobody does. */
  async reach(port: number): Promise<number> {
    const isThere = this.pid !== undefined && listensOn(this.pid, port);
    if (isThere) return await this.relay.open(port);
    await this.relay.shut(port);
    return port;
  }

  /** A host's reply as it is seen outside: a port on which it listens is another one there. */
  async relayed(request: HostRequest, reply: Reply): Promise<Reply> {
    if (request.op === 'close') await this.relay.shut(this.served.get(request.handle) ?? 0);
    if (request.op !== 'listen' || reply.kind !== 'reply' || reply.result.kind !== 'port') return reply;
    const { port } = reply.result;
    this.served.set(request.handle, port);
    return { kind: 'reply', result: { kind: 'port', port: await this.relay.open(port) } };
  }

  /** How the program ended, given how the process ended that was spawned. */
  exitOf(exit: Exit): Exit {
    return this.reported ?? exit;
  }

  /** What the program takes too much of, as a sentence; null: nothing. `memory`: bytes. */
  excess(memory: number): Excess | null {
    if (this.pid === undefined) return null;
    const { processes, bytes } = usageOf(this.pid);
    if (bytes > memory + OWN_MEMORY) {
      return { cause: 'memory', why: `it used more than ${Math.round(memory / 1024 / 1024)} MB of memory` };
    }
    if (processes > MOST_PROCESSES) {
      return { cause: 'exited', why: `it started more than ${MOST_PROCESSES} processes, and was ended` };
    }
    const why = this.folders.excess();
    return why === null ? null : { cause: 'exited', why };
  }

  /** Nothing is heard from inside any more. */
  letGo(): void {
    this.line?.destroy();
  }

  /** Whether a request was sent. */
  private send(request: LauncherRequest): boolean {
    const { line } = this;
    if (line === null || line.destroyed || line.writableEnded) return false;
    line.write(frame(JSON.stringify(request)));
    return true;
  }

  private hear(text: string): void {
    const parsed = eventShape.safeParse(parseJson(text));
    if (!parsed.success) return;
    const event = parsed.data;
    if (event.event === 'done') return this.asked.get(event.id)?.();
    this.reported ??= { code: event.code, signal: event.signal };
  }
}

export type Started = { command: string; args: string[] };

export type Excess = { cause: 'memory' | 'exited'; why: string };

const FLAGS = ['--max-old-space-size=128', '--disable-warning=ExperimentalWarning'];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
