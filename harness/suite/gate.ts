import type { Exchange } from '../verdict/verdict.ts';
import { ask } from './connection.ts';
import type { Place, SentRequest, Stop } from './link.ts';

/** Pieces of raw messages are kept up to this many bytes in one connection; longer ones are nothing to show. */
const PIECES_LIMIT = 256 * 1024;

/** An ordinary request that is about to leave. `body`: its bytes, which its text may not tell. */
export type Outgoing = { exchange: Exchange; body: Uint8Array | null };

/** The gate was left: whoever replayed the rule has seen enough of it. */
export class Dismissed extends Error {
  override name = 'Dismissed';
}

/**
 * Every request of a trial passes here on its way out, and gets a number: 0, 1, 2 … A raw connection counts as one
 * request, which leaves with its first bytes. A trial that is replayed stands still here, right before one of them.
 */
export class Gate {
  private readonly rule: string;
  private readonly patience: number;
  private readonly stop: Stop | null;
  private readonly step: () => string;
  private count = 0;
  private readonly numbers = new WeakMap<Exchange, number>();
  private readonly pieces = new Map<number, Uint8Array[]>();
  private readonly underway = new Map<Exchange, () => void>();
  private readonly arrivals = new Set<Promise<void>>();
  private standing: Promise<never> | null = null;
  private last: Place | null = null;

  /** `stop`: where to stand; null: nowhere. `step`: the label of the step that runs. */
  constructor(what: { rule: string; patience: number; stop: Stop | null; step: () => string }) {
    this.rule = what.rule;
    this.patience = what.patience;
    this.stop = what.stop?.rule === what.rule ? what.stop : null;
    this.step = what.step;
  }

  /** A request is about to leave. Null: it may, at once; or it stands, and `Dismissed` is what it hears in the end. */
  depart(from: Place, { exchange, body }: Outgoing): Promise<never> | null {
    const held = this.pass(from, exchange, { exchange, body, piece: null });
    if (held !== null) return held;
    this.arrivals.add(new Promise((resolve) => this.underway.set(exchange, resolve)));
    return null;
  }

  /** The request has its answer, or will never have one. */
  arrived(exchange: Exchange): void {
    this.underway.get(exchange)?.();
    this.underway.delete(exchange);
  }

  /** What the gate hears of one raw connection. */
  passage(from: Place): Passage {
    let number: number | null = null;
    let size = 0;
    return {
      depart: (bytes, exchange) => {
        if (number === null) {
          number = this.count;
          const held = this.pass(from, exchange, { exchange, body: null, piece: bytes });
          if (held !== null) return held;
          this.pieces.set(number, []);
        } else if (this.standing !== null && !this.pieces.has(number)) {
          return this.standing;
        }
        size += bytes.length;
        // Half a message would be a wrong one.
        if (size > PIECES_LIMIT) this.pieces.set(number, []);
        else this.pieces.get(number)?.push(bytes);
        return null;
      },
      names: (exchange) => {
        if (number !== null) this.numbers.set(exchange, number);
      },
    };
  }

  /** Stands at the end of a rule that is to be replayed whole. */
  async end(): Promise<void> {
    if (this.stop === null || this.stop.before !== null || this.last === null) return;
    await this.stand(this.last, { exchange: null, body: null, piece: null });
  }

  /** Which request an exchange was; null: none that passed here. */
  requestOf(exchange: Exchange | null): SentRequest | null {
    const number = exchange === null ? undefined : this.numbers.get(exchange);
    return number === undefined ? null : { number, pieces: this.pieces.get(number) ?? [] };
  }

  /** The request that left last. */
  lastRequest(): SentRequest | null {
    const number = this.count - 1;
    return number < 0 ? null : { number, pieces: this.pieces.get(number) ?? [] };
  }

  private pass(from: Place, exchange: Exchange, what: Held): Promise<never> | null {
    const number = this.count++;
    this.numbers.set(exchange, number);
    this.last = from;
    const before = this.stop?.before ?? null;
    if (before === null || number < before) return null;
    // Those that were to leave together with it wait beside it.
    return (this.standing ??= this.stand(from, what));
  }

  private async stand(place: Place, what: Held): Promise<never> {
    await Promise.race([Promise.all(this.arrivals), patience(this.patience)]);
    await ask({ op: 'stand', at: { rule: this.rule, step: this.step(), sent: this.sent, place, ...what } });
    throw new Dismissed();
  }

  /** How many requests left before the one that stands. */
  private get sent(): number {
    return this.stop?.before ?? this.count;
  }
}

type Held = { exchange: Exchange | null; body: Uint8Array | null; piece: Uint8Array | null };

/** One raw connection on its way through the gate. */
export type Passage = {
  /** Bytes are about to leave; see `Gate.depart`. */
  depart(bytes: Uint8Array, exchange: Exchange): Promise<never> | null;
  /** This exchange tells of the connection. */
  names(exchange: Exchange): void;
};

function patience(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
