import type { Clock } from './time-limit.ts';

class Node {
  key: string;
  text: string;
  end: number;
  older: Node | null = null;
  newer: Node | null = null;

  constructor(key: string, text: string, end: number) {
    this.key = key;
    this.text = text;
    this.end = end;
  }
}

/** A chain of entries from the one used last to the one used least recently, and an index into it. */
export class MemoryStore {
  readonly #index = new Map<string, Node>();
  readonly #maxEntries: number;
  readonly #clock: Clock;
  #newest: Node | null = null;
  #oldest: Node | null = null;

  constructor(maxEntries: number, clock: Clock) {
    this.#maxEntries = maxEntries;
    this.#clock = clock;
  }

  get(key: string): string | null {
    const node = this.#index.get(key);
    if (node === undefined) return null;
    this.#unlink(node);
    if (node.end <= this.#clock.now()) {
      this.#index.delete(key);
      return null;
    }
    this.#pushNewest(node);
    return node.text;
  }

  set(key: string, text: string, ttlMs: number): void {
    this.delete(key);
    if (this.#maxEntries < 1) return;
    if (this.#index.size >= this.#maxEntries && this.#oldest !== null) this.delete(this.#oldest.key);
    const node = new Node(key, text, this.#clock.now() + ttlMs);
    this.#index.set(key, node);
    this.#pushNewest(node);
  }

  delete(key: string): void {
    const node = this.#index.get(key);
    if (node === undefined) return;
    this.#index.delete(key);
    this.#unlink(node);
  }

  size(): number {
    return this.#index.size;
  }

  #unlink(node: Node): void {
    if (node.newer === null) this.#newest = node.older;
    else node.newer.older = node.older;
    if (node.older === null) this.#oldest = node.newer;
    else node.older.newer = node.newer;
    node.older = null;
    node.newer = null;
  }

  #pushNewest(node: Node): void {
    node.older = this.#newest;
    if (this.#newest !== null) this.#newest.newer = node;
    this.#newest = node;
    this.#oldest ??= node;
  }
}
