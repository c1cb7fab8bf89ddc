import type { Answer } from './answer.ts';
import { sendRequest, unanswered } from './client.ts';
import type { NoAnswer, RequestOptions } from './client.ts';
import { RawConnection } from './raw-client.ts';
import type { Gate } from './gate.ts';
import type { HostLine } from './host-line.ts';
import type { Place } from './link.ts';
import { Unmet } from './unmet.ts';

/** What an app needs of the process behind it. */
export type AppLine = Pick<HostLine, 'at' | 'ask' | 'send' | 'checkAlive'>;

/** A served program: what a client can do to it. */
export class App {
  readonly port: number;
  private readonly line: AppLine;
  private readonly patience: number;
  private readonly handle: string;
  private readonly gate: Gate;
  private readonly reach: (() => Promise<number>) | null;
  private readonly open: RawConnection[] = [];

  /** `reach`: asks where the port is met at the moment, when that may be elsewhere. */
  constructor(
    line: AppLine,
    at: { handle: string; port: number; patience: number; gate: Gate; reach?: () => Promise<number> },
  ) {
    this.reach = at.reach ?? null;
    this.line = line;
    this.handle = at.handle;
    this.port = at.port;
    this.patience = at.patience;
    this.gate = at.gate;
  }

  get(target: string, options: RequestOptions = {}): Promise<Answer> {
    return this.request('GET', target, options);
  }

  post(target: string, options: RequestOptions = {}): Promise<Answer> {
    return this.request('POST', target, options);
  }

  /** An ordinary request. A missing answer ends the rule. */
  async request(method: string, target: string, options: RequestOptions = {}): Promise<Answer> {
    const port = this.reach === null ? this.port : await this.reach();
    const base = `http://127.0.0.1:${port}`;
    const outcome = await sendRequest(base, method, target, options, this.patience, (outgoing) =>
      this.gate.depart(this.place, outgoing),
    );
    this.gate.arrived(outcome.exchange);
    return await this.answered(outcome);
  }

  /** A connection whose bytes are the suite's own. It is closed when the rule ends. */
  async connect(): Promise<RawConnection> {
    try {
      const port = this.reach === null ? this.port : await this.reach();
      const connection = await RawConnection.open(port, this.gate.passage(this.place));
      this.open.push(connection);
      return connection;
    } catch (error) {
      await this.line.checkAlive();
      throw new Unmet({
        expected: 'a server that takes connections',
        got: `no connection: ${error instanceof Error ? error.message : 'unknown'}`,
      });
    }
  }

  /** The next answer on a raw connection. A missing answer ends the rule. */
  async read(connection: RawConnection, options: { head?: boolean } = {}): Promise<Answer> {
    return await this.answered(await connection.read(this.patience, options));
  }

  /** One raw message on a connection of its own. */
  async raw(bytes: string | Buffer, options: { head?: boolean } = {}): Promise<Answer> {
    const connection = await this.connect();
    await connection.write(bytes);
    const answer = await this.read(connection, options);
    connection.close();
    return answer;
  }

  /** How many connections the server holds open. */
  async connections(): Promise<number> {
    const result = await this.line.ask({ op: 'connections', handle: this.handle });
    return result.kind === 'count' ? result.count : 0;
  }

  /**
   * How long the program itself computes while something is done, over all its threads, in milliseconds. Waiting, and other
   * programs of the machine, do not count. It is the program's own process that tells (evidence inside).
   */
  async computing(during: () => Promise<unknown>): Promise<number> {
    const before = await this.computed();
    await during();
    return (await this.computed()) - before;
  }

  /** Closes what the suite holds open to a server that is gone. */
  drop(): void {
    for (const connection of this.open) connection.close();
  }

  /** Ends all connections and the server. */
  async close(): Promise<void> {
    this.drop();
    await this.line.send({ op: 'close', handle: this.handle });
  }

  private async computed(): Promise<number> {
    const result = await this.line.ask({ op: 'computed' });
    return result.kind === 'count' ? result.count / 1000 : 0;
  }

  private get place(): Place {
    return { ...this.line.at, port: this.port };
  }

  private async answered(outcome: Answer | NoAnswer): Promise<Answer> {
    if (!('kind' in outcome)) return outcome;
    const missing = unanswered(outcome);
    await this.line.checkAlive(missing);
    throw missing;
  }
}
