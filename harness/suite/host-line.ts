import type { HostResult } from '../message/host.ts';
import { PATIENCE } from '../subject/patience.ts';
import type { HostAddress } from '../subject/subject.ts';
import { ask } from './connection.ts';
import type { HostQuestion, SuiteReply } from './link.ts';
import { Died, Unmet } from './unmet.ts';

/** The line to one host of the subject. A dead or silent host ends the rule. */
export class HostLine {
  readonly at: HostAddress;
  private readonly pace: number;
  private isCut = false;

  constructor(at: HostAddress, pace: number) {
    this.at = at;
    this.pace = pace;
  }

  /** An operation of the host's protocol. */
  async ask(question: HostQuestion): Promise<HostResult> {
    const answer = await this.send(question);
    if (answer.kind !== 'host') throw new Error(`the harness answered ${answer.kind} to ${question.op}`);
    const { reply } = answer;
    if (reply.kind === 'dead') throw new Died(reply.death);
    if (reply.kind === 'reply') return reply.result;
    const within = question.op === 'waiting' ? question.within : PATIENCE.call * this.pace;
    throw new Unmet({
      expected: 'an answer',
      got: `nothing within ${within / 1000} seconds`,
      sent:
        question.op === 'call'
          ? `${question.export}(…)`
          : question.op === 'listen'
            ? 'server.listen(0)'
            : null,
      cause: 'hung',
    });
  }

  /** Ends the host. What is still said on this line afterwards reaches nobody: a fresh host must not hear it. */
  async kill(): Promise<void> {
    await this.send({ op: 'kill' });
    this.isCut = true;
  }

  /** Whether the host is gone by itself. */
  async isDead(): Promise<boolean> {
    const answer = await this.send({ op: 'death' });
    return answer.kind === 'death' && answer.death !== null;
  }

  /** Anything else that is asked of a host. */
  async send(question: HostQuestion): Promise<SuiteReply> {
    if (this.isCut) return { kind: 'noted' };
    return await ask({ ...this.at, ...question });
  }

  /** Ends the rule if the host is dead. `missing`: what the rule saw of it. */
  async checkAlive(missing: Unmet | null = null): Promise<void> {
    // One that looks dead may be busy: a round to the host waits until it answers or the watch has ended it.
    if (missing !== null) await this.send({ op: 'ping' });
    const answer = await this.send({ op: 'death' });
    if (answer.kind === 'death' && answer.death !== null) {
      throw new Died(answer.death, missing?.sent ?? null, missing?.exchange ?? null);
    }
  }

  /** A round through the host's event loop: what the program threw on its way is known afterwards. */
  async settle(): Promise<void> {
    await this.ask({ op: 'settle' });
  }
}
