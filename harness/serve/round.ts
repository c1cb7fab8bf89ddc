import type { Exercise } from '../catalog/exercise.ts';
import { check } from '../check/check.ts';
import type { Checked } from '../check/check.ts';
import type { Engine } from '../check/engine.ts';
import type { SubjectFiles } from '../check/files.ts';
import type { Stand, Stood } from '../check/stand.ts';

/** What all rounds of one command have in common. */
export type Rounds = {
  exercise: Exercise;
  engine: Engine;
  root: string;
  build: string;
  /** The workbook's version. */
  harness: string;
  seed: number;
};

/** A program that runs, in the middle of a rule. `close` ends the rule and the program, and resolves when both are gone. */
export type Standing = { kind: 'stands'; at: Stood; close: () => Promise<void> };

/** The rule came to its end without standing still. */
export type Ended = { kind: 'ended'; checked: Checked };

export type Opened = Standing | Ended;

/** Where a round stands, and where its output goes; see `Stand`. */
export type Aim = Omit<Stand, 'reached'>;

/** Runs one rule on these files up to where it is to stand. The rule runs as in a check, in the same two processes. */
export async function openRound(rounds: Rounds, files: SubjectFiles, aim: Aim): Promise<Opened> {
  const { exercise, engine, root, build, harness, seed } = rounds;
  const leave = deferred<void>();
  const reached = deferred<Stood>();
  engine.prepare();
  const checking = check(engine, {
    exercise,
    files: files.sources,
    folder: exercise.folder,
    only: [aim.rule],
    order: 'building',
    seed,
    inspect: false,
    env: {},
    root,
    build,
    digests: files.digests,
    harness,
    stand: {
      ...aim,
      reached: async (at) => {
        reached.resolve(at);
        await leave.promise;
      },
    },
  });
  const opened = await Promise.race([
    reached.promise.then((at) => ({ kind: 'stands', at }) as const),
    checking.then((checked): Ended => ({ kind: 'ended', checked })),
  ]);
  if (opened.kind === 'ended') return opened;
  const close = async (): Promise<void> => {
    leave.resolve();
    await checking;
  };
  return { ...opened, close };
}

type Deferred<T> = { promise: Promise<T>; resolve: (value: T) => void };

function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((done) => (resolve = done));
  return { promise, resolve };
}
