import { encode } from '../message/plain.ts';
import type { Death } from '../subject/death.ts';
import type { Exit } from '../subject/program.ts';
import { App } from './app.ts';
import { ask } from './connection.ts';
import type { Gate } from './gate.ts';
import type { ProgramRequest, ProgramState } from './link.ts';
import { eventually } from './rule.ts';
import { Died, Unjudged, Unmet } from './unmet.ts';

/** What a program is started with. Dependencies such as `place('app.sqlite')` may stand in the place of texts. */
export type Start = {
  args?: readonly unknown[];
  env?: Readonly<Record<string, unknown>>;
};

/** What a trial gives to its programs. `patience`: how long each thing is waited for, in milliseconds. */
export type Surroundings = { part: string; patience: number; gate: Gate };

/** A part of kind `program` that runs: a process of its own, met as an operating system meets it. */
export class Program {
  /** Lines of stdout that were seen so far, in order. */
  readonly lines: string[] = [];
  /** The last 8 KiB of what it wrote on stdout and stderr, once its end was seen; empty before. */
  printed = '';
  private readonly part: string;
  private readonly process: number;
  private readonly patience: number;
  private readonly gate: Gate;
  private readonly apps: App[] = [];

  private constructor(process: number, { part, patience, gate }: Surroundings) {
    this.process = process;
    this.part = part;
    this.patience = patience;
    this.gate = gate;
  }

  static async start({ args = [], env = {} }: Start, around: Surroundings): Promise<Program> {
    const { process } = await asked(around.part, { op: 'start', given: encode({ args, env }) });
    return new Program(process, around);
  }

  /**
   * Waits for a line of stdout, also among those of before. A program that ends first, or says nothing of the kind, ends
   * the rule. `expected`: the line in words, such as "a line that says where it listens".
   */
  async line(expected: string, holds: (line: string) => boolean): Promise<string> {
    let found: string | undefined;
    let death: Death | null = null;
    await eventually(async () => {
      ({ death } = await this.look());
      found = this.lines.find(holds);
      return found !== undefined || death !== null;
    }, START_PATIENCE * this.patience);
    if (found !== undefined) return found;
    if (death !== null) throw new Died(death);
    const last = this.lines.at(-1);
    throw new Unmet({
      expected,
      got: last === undefined ? 'nothing on stdout' : `the last line is ${last}`,
      cause: 'hung',
    });
  }

  /** Waits for its end. Null: it runs on. `within`: milliseconds. */
  async exit(within: number = this.patience): Promise<Exit | null> {
    let exit: Exit | null = null;
    await eventually(async () => {
      ({ exit } = await this.look());
      return exit !== null;
    }, within);
    return exit;
  }

  /** Sends a signal. Windows has none, so a rule that needs one is not judged there. */
  async signal(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): Promise<void> {
    if (process.platform === 'win32') throw new Unjudged('there are no signals on Windows');
    await asked(this.part, { op: 'signal', process: this.process, signal });
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    await asked(this.part, { op: 'signal', process: this.process, signal: 'SIGKILL' });
    await this.exit();
    this.drop();
  }

  /** A client for the port on which it listens. */
  app(port: number): App {
    const line = {
      at: { part: this.part, host: 1 },
      ask: () => Promise.reject(new Error('a program has no pipe to the suite')),
      send: () => Promise.resolve({ kind: 'noted' } as const),
      checkAlive: async (missing: Unmet | null = null) => {
        // A connection breaks before the end of its process is known, and on a busy machine long before.
        if (missing !== null) await this.exit(DEATH_WITHIN);
        const { death } = await this.look();
        if (death !== null) throw new Died(death, missing?.sent ?? null, missing?.exchange ?? null);
      },
    };
    const reach = async (): Promise<number> => {
      const reply = await ask({
        op: 'program',
        part: this.part,
        request: { op: 'reach', process: this.process, port },
      });
      return reply.kind === 'port' ? reply.port : port;
    };
    const app = new App(line, { handle: '', port, patience: this.patience, gate: this.gate, reach });
    this.apps.push(app);
    return app;
  }

  /** Closes what the suite holds open to it. Done by the trial when the rule ends. */
  drop(): void {
    for (const app of this.apps) app.drop();
  }

  private async look(): Promise<ProgramState> {
    const state = await asked(this.part, { op: 'look', process: this.process, from: this.lines.length });
    this.lines.push(...state.lines);
    this.printed = state.printed;
    return state;
  }
}

/** How long a process that gave no answer is waited for, whether it ends, in milliseconds. */
const DEATH_WITHIN = 1_000;

/** A process has to boot before it says anything: it is waited for this many times as long as an answer. */
const START_PATIENCE = 3;

async function asked(part: string, request: ProgramRequest): Promise<ProgramState> {
  const reply = await ask({ op: 'program', part, request });
  if (reply.kind !== 'program') throw new Error(`the harness answered ${reply.kind}`);
  return reply;
}
