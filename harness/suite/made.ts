import { Dependency, encode } from '../message/plain.ts';
import type { HostLine } from './host-line.ts';
import { callText, outcomeOf } from './outcome.ts';
import type { CallOutcome } from './outcome.ts';

/** One call among others in the same turn of the program's event loop. */
export type Turn = readonly [made: Made, method: string, args: readonly unknown[]];

/** An object that an export of the program returned. It stays in the host; its methods are called by name. */
export class Made {
  private readonly line: HostLine;
  private readonly handle: string;
  private readonly name: string;
  /** The object itself, as an argument of another call on the same host. */
  readonly itself: Dependency;

  constructor(
    line: HostLine,
    { handle, name, itself }: { handle: string; name: string; itself?: Dependency },
  ) {
    this.line = line;
    this.handle = handle;
    this.name = name;
    this.itself = itself ?? new Dependency('made', { handle });
  }

  /** Calls a method with plain arguments; what it returns comes back as plain data. */
  async call(method: string, args: readonly unknown[] = []): Promise<CallOutcome> {
    const result = await this.line.ask({
      op: 'call',
      on: this.handle,
      export: method,
      args: encode(args),
      keep: null,
    });
    return outcomeOf(result, this.sent(method, args));
  }

  /** Several calls in one turn of the program's event loop; the outcomes come together, in order. */
  async batch(
    calls: readonly (readonly [method: string, args: readonly unknown[]])[],
  ): Promise<CallOutcome[]> {
    return await this.turn(calls.map(([method, args]) => [this, method, args]));
  }

  /** As `batch`, for calls of this object and of others on the same host. */
  async turn(calls: readonly Turn[]): Promise<CallOutcome[]> {
    const result = await this.line.ask({
      op: 'batch',
      calls: calls.map(([{ handle }, method, args]) => ({ export: method, args: encode(args), on: handle })),
    });
    if (result.kind !== 'batch') throw new Error(`a host answered ${result.kind} to a batch`);
    return result.results.map((each, index) => {
      const [made, method, args] = calls[index] ?? [this, '', []];
      return outcomeOf(each, made.sent(method, args));
    });
  }

  /** How a call reads in a failure. */
  sent(method: string, args: readonly unknown[]): string {
    return callText(`${this.name}(…).${method}`, args);
  }
}
