import { build, builtStamp, sourceStamp } from './build.mjs';

/** Builds the harness once before all tests: many of them start it, and none should have to wait for another's build. */
export async function setup(): Promise<void> {
  const root = process.cwd();
  if (builtStamp(root) !== sourceStamp(root)) await build(root);
}
