import { Dependency } from '../message/plain.ts';

/**
 * A folder of files for the subject: it receives the folder's absolute path. `at`: a folder inside the tree to hand over
 * instead of its root, so that there is something outside to guard.
 */
export function folder(files: Readonly<Record<string, string | Buffer>>, at = ''): Dependency {
  return new Dependency('folder', { files, at });
}

/** A clock for the subject, moved by the suite: `now()` and `sleep(ms)`. */
export function clock(): Dependency {
  return new Dependency('clock');
}

/** An open better-sqlite3 database on a file. One name is one file for all calls and all hosts of a rule. */
export function database(name = 'app'): Dependency {
  return new Dependency('database', { name });
}

/**
 * A function that answers in the same turn, where a played one answers with a promise: it returns a plain value, throws
 * an Error of this message (`fails`), or throws a plain value.
 */
export const fn = {
  returns: (value: unknown): Dependency => new Dependency('fn', { returns: value }),
  fails: (message: string): Dependency => new Dependency('fn', { fails: message }),
  throws: (thrown: unknown): Dependency => new Dependency('fn', { throws: thrown }),
};

/** A function that makes ids: they look random, and come again with the same seed. */
export function ids(): Dependency {
  return new Dependency('ids');
}

/** An asynchronous function that the suite plays: see `Trial.play`. */
export function played(name: string): Dependency {
  return new Dependency('played', { name });
}

/**
 * The address of the suite's Redis, a text such as `redis://127.0.0.1:43210/`: the program makes its own client. Met from
 * outside as `Trial.redis`. The part has to allow the package ioredis.
 */
export function redis(): Dependency {
  return new Dependency('redis');
}

/**
 * The absolute path of a file or a folder that is not there yet, and that the program may make. One name is one place for
 * all calls and all processes of a rule; `place('app.sqlite')` is the file of `database('app')`.
 */
export function place(name: string): Dependency {
  return new Dependency('place', { name });
}
