import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Node's permission model refuses `fsync` and `fdatasync` (also as `flush: true`), though the file itself was opened by
 * leave of it; Node 26 also refuses them on a FileHandle. A careful program calls them, and must not be judged wrong for
 * it. Nothing a subject writes has to outlive a power cut, so here they look whether the descriptor is open, and that is all.
 */
export async function allowFlush(): Promise<void> {
  if (process.permission === undefined) return;
  const flushSync = (descriptor: number): void => {
    fs.fstatSync(descriptor);
  };
  const flush = (descriptor: number, done: fs.NoParamCallback): void => {
    fs.fstat(descriptor, (error) => done(error));
  };
  Object.assign(fs, { fsyncSync: flushSync, fdatasyncSync: flushSync, fsync: flush, fdatasync: flush });
  syncBuiltinESMExports();
  // The class is not exported. This file is one that a host may read.
  const handle = await fs.promises.open(fileURLToPath(import.meta.url));
  const sync = async function (this: fs.promises.FileHandle): Promise<void> {
    await this.stat();
  };
  Object.assign(Object.getPrototypeOf(handle) as object, { sync, datasync: sync });
  await handle.close();
}
