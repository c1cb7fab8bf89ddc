/**
 * Starts a command of the workbook: `node harness/build/run.mjs check …`. Builds the harness first when its sources are
 * newer than the build. Plain JavaScript, as it must run before anything is built.
 */
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, builtStamp, sourceStamp } from './build.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const built = join(root, '.workbook', 'build');
const [command] = process.argv.splice(2, 1);

if (builtStamp(root) !== sourceStamp(root)) {
  try {
    await build(root);
  } catch (error) {
    console.error(
      error?.code === 'ERR_MODULE_NOT_FOUND'
        ? 'The workbook is not installed yet. Run: npm ci'
        : `The workbook could not be built: ${error?.message ?? error}\nIf you changed nothing below harness/, run npm ci again.`,
    );
    // The doctor can say why, when there is one that was built before.
    if (command !== 'doctor' || builtStamp(root) === null) process.exit(4);
    console.error('The doctor of the build before looks at this machine:\n');
  }
}
if (command !== 'build') {
  // From Node 22.8 on, compiled code is kept on disk: a check starts a sixth sooner. A new build starts a new store.
  module.enableCompileCache?.(join(built, 'compiled'));
  await import(pathToFileURL(join(built, 'scripts', `${command}.js`)).href);
}
