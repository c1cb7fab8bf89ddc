import { onTestFinished } from 'vitest';
import type { Part } from '../../catalog/exercise.ts';
import { decode, encode } from '../../message/plain.ts';
import { Subject } from '../subject.ts';
import type { SubjectOptions } from '../subject.ts';
import { NOW, resultOf } from './host.ts';

/** The first host of the only part. */
export const AT = { part: 'main', host: 1 };

export function partOf(changes: Partial<Part> = {}): Part {
  const usual: Part = {
    name: 'main',
    kind: 'module',
    entry: 'src/main.ts',
    exports: [],
    packages: [],
    modules: null,
  };
  return { ...usual, ...changes };
}

export type SubjectChanges = Partial<SubjectOptions> & { changes?: Partial<Part> };

/** For tests: a subject of one part with this text. `finished`: a concurrent test's own hook. */
export function subjectOf(
  hostFile: string,
  text: string,
  { changes = {}, ...options }: SubjectChanges = {},
  finished: (run: () => Promise<void>) => void = onTestFinished,
): Subject {
  const subject = new Subject({
    parts: [{ part: partOf(changes), text }],
    root: process.cwd(),
    hostFile,
    isolation: 'permission',
    env: {},
    inspect: false,
    now: NOW,
    seed: 1,
    ...options,
  });
  finished(() => subject.dispose());
  return subject;
}

/** What a call returns, as plain data; anything but a value comes as the host said it. */
export async function called(
  subject: Subject,
  name: string,
  args: unknown[] = [],
  at: typeof AT = AT,
): Promise<unknown> {
  const result = resultOf(await subject.call(at, { export: name, args: encode(args), keep: null }));
  if (result.kind !== 'value') return result;
  const decoded = decode(result.value);
  return decoded.ok ? decoded.value : decoded.why;
}
