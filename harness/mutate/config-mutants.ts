import { isMap, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { fileMutants, placeOf } from './mutant.ts';
import type { Edit, Mutant } from './mutant.ts';

/** Each key and each item of a list dropped, each `true` made `false`, and the other way round. */
export function yamlMutants(file: string, text: string): Omit<Mutant, 'id'>[] {
  const mutants: Omit<Mutant, 'id'>[] = [];
  const places = placesOf(parseDocument(text));
  for (const { path, start, end, value } of places) {
    const dropped = changed(text, (document) => void document.deleteIn(path));
    const original = text.slice(start, end).trimEnd();
    const place = placeOf(text, start);
    if (dropped !== null)
      mutants.push({ file, ...place, mutator: 'Dropped', original, replacement: '', how: dropped });
    if (typeof value !== 'boolean') continue;
    const flipped = changed(text, (document) => document.setIn(path, !value));
    if (flipped !== null)
      mutants.push({
        file,
        ...place,
        mutator: 'Flipped',
        original,
        replacement: original.replace(String(value), String(!value)),
        how: flipped,
      });
  }
  return mutants;
}

type Place = { path: (string | number)[]; start: number; end: number; value: unknown };

function placesOf(document: Document.Parsed): Place[] {
  const places: Place[] = [];
  const collect = (node: unknown, path: (string | number)[]): void => {
    if (isMap(node)) {
      for (const pair of node.items as Pair<Node, Node | null>[]) {
        if (!isPair(pair) || !isScalar(pair.key)) continue;
        const own = [...path, pair.key.value as string];
        const start = pair.key.range?.[0] ?? 0;
        const end = pair.value?.range?.[1] ?? pair.key.range?.[1] ?? start;
        places.push({ path: own, start, end, value: isScalar(pair.value) ? pair.value.value : null });
        collect(pair.value, own);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of (node.items as Node[]).entries()) {
        const own = [...path, index];
        const [start = 0, end = 0] = item.range ?? [];
        places.push({ path: own, start, end, value: null });
        collect(item, own);
      }
    }
  };
  collect(document.contents, []);
  return places;
}

/** The file after a change; null: it cannot be written any more, as when an alias has lost its anchor. */
function changed(text: string, change: (document: Document) => void): Mutant['how'] | null {
  const document = parseDocument(text);
  change(document);
  const anchors = new Set<string>();
  let isWhole = true;
  visit(document, {
    Node: (_key, node) => {
      if ('anchor' in node && typeof node.anchor === 'string') anchors.add(node.anchor);
    },
    Alias: (_key, alias) => {
      isWhole &&= anchors.has(alias.source);
    },
  });
  return isWhole ? { kind: 'file', text: document.toString() } : null;
}

/** Each instruction dropped. */
export function dockerfileMutants(file: string, text: string): Omit<Mutant, 'id'>[] {
  const edits: Edit[] = [];
  let begun: number | null = null;
  for (const { start, end, line } of linesOf(text)) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    begun ??= start;
    if (line.trimEnd().endsWith('\\')) continue;
    edits.push({ start: begun, end, mutator: 'Dropped', replacement: '' });
    begun = null;
  }
  return fileMutants(file, text, edits);
}

/** Each line dropped that is no comment. */
export function lineMutants(file: string, text: string): Omit<Mutant, 'id'>[] {
  const edits = linesOf(text)
    .filter(({ line }) => !/^\s*(?:#|$)/.test(line))
    .map(({ start, end }) => ({ start, end, mutator: 'Dropped', replacement: '' }));
  return fileMutants(file, text, edits);
}

/** `end` without the end of the line. */
function linesOf(text: string): { start: number; end: number; line: string }[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const place = { start, end: start + line.length, line };
    start += line.length + 1;
    return place;
  });
}
