import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Node's permission model refuses `fsync` and `fdatasync` (also as `flush: true`), though the file itself was opened by
 * leave of it. A careful program calls them, and must not be judged wrong for it. Nothing a subject writes has to
 * outlive a power cut, so here they look whether the descriptor is open, and that is all.
 */
export function allowFlush(): void {
  if (process.permission === undefined) return;
  const flushSync = (descriptor: number): void => {
    fs.fstatSync(descriptor);
  };
  const flush = (descriptor: number, done: fs.NoParamCallback): void => {
    fs.fstat(descriptor, (error) => done(error));
  };
  Object.assign(fs, { fsyncSync: flushSync, fdatasyncSync: flushSync, fsync: flush, fdatasync: flush });
  syncBuiltinESMExports();
}
