import { encode } from '../message/plain.ts';
import type { HostLine } from './host-line.ts';
import { callText, outcomeOf } from './outcome.ts';
import type { CallOutcome } from './outcome.ts';

/** An object that an export of the program returned. It stays in the host; its methods are called by name. */
export class Made {
  private readonly line: HostLine;
  private readonly handle: string;
  private readonly name: string;

  constructor(line: HostLine, { handle, name }: { handle: string; name: string }) {
    this.line = line;
    this.handle = handle;
    this.name = name;
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
    const result = await this.line.ask({
      op: 'batch',
      on: this.handle,
      calls: calls.map(([method, args]) => ({ export: method, args: encode(args) })),
    });
    if (result.kind !== 'batch') throw new Error(`a host answered ${result.kind} to a batch`);
    return result.results.map((each, index) => {
      const [method, args] = calls[index] ?? ['', []];
      return outcomeOf(each, this.sent(method, args));
    });
  }

  /** How a call reads in a failure. */
  sent(method: string, args: readonly unknown[]): string {
    return callText(`${this.name}(…).${method}`, args);
  }
}
