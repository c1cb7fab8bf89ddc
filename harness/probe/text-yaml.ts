import { isCollection, isMap, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { TextAnswer } from './text-messages.ts';

/** YAML 1.2 (in 1.1 the key `on` would be true), one document, few aliases. */
export function readYaml(text: string): TextAnswer {
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
