import type { RedisFault, RedisRequest, RedisValue } from '../probe/redis-messages.ts';
import { ask } from './connection.ts';
import { Unjudged, Unmet } from './unmet.ts';

/** The Redis of the rule that runs, met from outside: every rule has an empty one on a port of its own. */
export class Redis {
  private readonly rule: string;

  constructor(rule: string) {
    this.rule = rule;
  }

  /** One command, past all faults. A reply that is an error ends the rule. */
  async command(name: string, ...args: readonly (string | number)[]): Promise<RedisValue> {
    return await this.ask({ op: 'command', words: [name, ...args.map(String)] });
  }

  /** All keys, in no order. */
  async keys(): Promise<string[]> {
    return (await this.command('KEYS', '*')) as string[];
  }

  /** Moves the clock by which keys expire, in milliseconds. A rule that does is not judged on a real server (REDIS_URL). */
  async advance(ms: number): Promise<void> {
    await this.ask({ op: 'advance', ms });
  }

  /** Nobody listens on the port any more, and open connections are gone. */
  async down(): Promise<void> {
    await this.fault('down');
  }

  /** Connections are taken and commands go in, and nothing comes back until `heal`. */
  async hang(): Promise<void> {
    await this.fault('hang');
  }

  /** Every command is answered with bytes that are no answer of a Redis. */
  async garbage(): Promise<void> {
    await this.fault('garbage');
  }

  /** Everything works again, with the data of before. What hung is answered now. */
  async heal(): Promise<void> {
    await this.fault('none');
  }

  private async fault(fault: RedisFault): Promise<void> {
    await this.ask({ op: 'fault', fault });
  }

  private async ask(request: Exclude<RedisRequest, { op: 'begin' }>): Promise<RedisValue> {
    const answer = await ask({ op: 'redis', rule: this.rule, request });
    if (answer.kind === 'unjudged') throw new Unjudged('not judged');
    if (answer.kind !== 'redis') throw new Error(`the harness answered ${answer.kind}`);
    if (answer.reply.ok) return answer.reply.value;
    throw new Unmet({ expected: 'a Redis that answers', got: answer.reply.why });
  }
}
