import { lstatSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decode, Dependency, encode } from '../message/plain.ts';
import type { Scratch } from './scratch.ts';

const FILE_NAME = /^[a-z][a-z0-9-]{0,30}(\.[a-z0-9-]{1,10})?$/;
const NAME = /^[a-z][a-z0-9-]{0,30}$/;

/** What lies at a place, by its name alone: nothing of it is opened. `size` in bytes; `names` sorted. */
export type FoundPlace =
  { kind: 'nothing' } | { kind: 'file'; size: number } | { kind: 'folder'; names: string[] };

/**
 * What one try of one rule shares between all its hosts: the databases, by name, in a folder of their own; the seed of
 * its ids. (The folder is shared and not the file: SQLite keeps more files beside it.)
 */
export class Stage {
  private readonly folder: string | null;
  private readonly seed: string;
  private readonly redis: string | null;

  /** `redis`: the address of the rule's Redis, when it has one. */
  constructor(shared: string | null, name: string, seed: number, redis: string | null = null) {
    this.redis = redis;
    this.folder = shared === null ? null : join(shared, name);
    this.seed = `${seed}:${name}`;
  }

  /** The file of a database. Its folder is there; the file is made by whoever opens it first. */
  databaseFile(name: string): string {
    if (!NAME.test(name)) throw new Error(`${name} is no name for a database`);
    if (this.folder === null) throw new Error('no part of this exercise writes files');
    mkdirSync(this.folder, { recursive: true });
    return join(this.folder, `${name}.sqlite`);
  }

  /** The path of a file or a folder that the program may make, beside the databases. */
  private placeOf(name: string): string {
    if (!FILE_NAME.test(name)) throw new Error(`${name} is no name for a file`);
    if (this.folder === null) throw new Error('no part of this exercise writes files');
    mkdirSync(this.folder, { recursive: true });
    return join(this.folder, name);
  }

  /** What the program made at a place. A link or anything else that is no folder counts as a file. */
  found(name: string): FoundPlace {
    const path = this.placeOf(name);
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return { kind: 'nothing' };
    if (!stat.isDirectory()) return { kind: 'file', size: stat.size };
    return { kind: 'folder', names: readdirSync(path).toSorted() };
  }

  /** Arguments of a call with all that needs a place on this disk put there. Text made by `encode`, in and out. */
  place(args: string, scratch: Scratch): string {
    const decoded = decode(args);
    if (!decoded.ok) throw new Error(`a suite sent arguments that cannot be read: ${decoded.why}`);
    return encode(this.placed(decoded.value, scratch));
  }

  private placed(value: unknown, scratch: Scratch): unknown {
    if (value instanceof Dependency) return this.placedDependency(value, scratch);
    if (Array.isArray(value)) return value.map((item) => this.placed(item, scratch));
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.placed(item, scratch)]));
  }

  private placedDependency(dependency: Dependency, scratch: Scratch): unknown {
    switch (dependency.kind) {
      case 'folder': {
        const { files, at } = dependency.options as {
          files: Record<string, string | Uint8Array>;
          at: string;
        };
        return join(scratch.writeTree(files), at);
      }
      case 'database':
        return new Dependency('database', {
          ...dependency.options,
          file: this.databaseFile(String(dependency.options['name'])),
        });
      case 'place':
        return this.placeOf(String(dependency.options['name']));
      case 'ids':
        return new Dependency('ids', { seed: this.seed });
      case 'redis':
        if (this.redis === null) throw new Error('the part of this rule may not use ioredis');
        return this.redis;
      default:
        return dependency;
    }
  }
}
