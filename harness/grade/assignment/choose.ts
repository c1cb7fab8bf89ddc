import { resolveId } from '../../catalog/resolve-id.ts';

export type Choice = { ok: true; ids: string[] } | { ok: false; message: string };

/**
 * The exercises that a person means by `01-http-server..04-jwt,07-cache`: ids and ranges of ids, joined by commas. A range
 * takes all exercises of the workbook between its ends, both ends with it. `known`: the ids in their order. The answer is in
 * that order, and each exercise stands in it once.
 */
export function chooseExercises(typed: string, known: readonly string[]): Choice {
  const wanted = new Set<string>();
  const words = typed.split(',').map((word) => word.trim());
  for (const word of words.filter((each) => each !== '')) {
    const [first = '', last = first, extra] = word.split(/\.{2,3}|…/);
    if (extra !== undefined) return wrong(`${word} has three ends. A range has two: 01-http-server..04-jwt`);
    const from = find(first, known);
    if (!from.ok) return from;
    const to = find(last, known);
    if (!to.ok) return to;
    const [start, end] = [known.indexOf(from.id), known.indexOf(to.id)];
    if (start > end)
      return wrong(`${word} runs backwards. Write the earlier exercise first: ${to.id}..${from.id}`);
    for (const id of known.slice(start, end + 1)) wanted.add(id);
  }
  if (wanted.size === 0) return wrong('Which exercises? For example --exercises 01-http-server..04-jwt');
  return { ok: true, ids: known.filter((id) => wanted.has(id)) };
}

type Found = { ok: true; id: string } | { ok: false; message: string };

function find(typed: string, known: readonly string[]): Found {
  const name = typed.trim();
  if (name === '') return wrong('A range has an exercise at both ends: 01-http-server..04-jwt');
  const resolved = resolveId(known, name);
  if (resolved.kind === 'exact') return { ok: true, id: resolved.id };
  const next =
    resolved.nearest === null ? '`npm run list` shows what is there.' : `Did you mean ${resolved.nearest}?`;
  return wrong(`There is no exercise called ${name}. ${next}`);
}

function wrong(message: string): { ok: false; message: string } {
  return { ok: false, message };
}
