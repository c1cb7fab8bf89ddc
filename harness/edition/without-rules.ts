import { parseManifest } from '../catalog/manifest.ts';

/** Rule ids. */
type Held = ReadonlySet<string>;

/** What ends a rule of a list: an empty line, the next one, a heading. */
const NEXT = /^\s*$|^\s*[-*+]\s|^#/;

/**
 * The spec of an exercise without some rules: their lines in the lists go, and a heading that has none left goes with them.
 * Other sentences stay as they are, see `mentionsOf`.
 */
export function specWithout(readme: string, held: Held): string {
  const parsed = parseManifest(readme);
  if (!parsed.ok)
    throw new Error(`a spec that was read before cannot be read: ${parsed.problems[0].message}`);
  const gone = parsed.rules.filter(({ id }) => held.has(id)).map(({ line }) => line - 1);
  if (gone.length === 0) return readme;
  const lines = withoutItems(readme.split('\n'), new Set(gone));
  const hasExtra = parsed.rules.some(({ id, tier }) => tier === 'extra' && !held.has(id));
  if (hasExtra) return lines.join('\n');
  const heading = lines.findIndex((line) => /^#+\s+extra(?: rules)?\s*$/i.test(line));
  if (heading !== -1) lines.splice(heading, lines[heading + 1]?.trim() === '' ? 2 : 1);
  return lines.join('\n').replace(/\n{3,}/g, '\n\n');
}

/** `starts`: the first lines of the list items to leave out, counted from 0. */
function withoutItems(lines: readonly string[], starts: ReadonlySet<number>): string[] {
  let isGone = false;
  return lines.filter((line, index) => {
    if (starts.has(index)) isGone = true;
    else if (NEXT.test(line)) isGone = false;
    return !isGone;
  });
}

/** exercise.json without what it says of these rules. */
export function detailsWithout(text: string, held: Held): string {
  const file = JSON.parse(text.replace(/^\ufeff/, '')) as { rules?: Record<string, unknown> };
  const { rules } = file;
  if (rules === undefined || !Object.keys(rules).some((id) => held.has(id))) return text;
  const kept = Object.fromEntries(Object.entries(rules).filter(([id]) => !held.has(id)));
  return `${JSON.stringify({ ...file, rules: kept }, null, 2)}\n`;
}

/** hints.md without the sections of these rules. */
export function hintsWithout(text: string, held: Held): string {
  let isGone = false;
  const lines = text.split('\n').filter((line) => {
    if (/^#{1,2}\s/.test(line)) isGone = held.has(/^##\s+([RQ]\d+)\b/.exec(line)?.[1] ?? '');
    return !isGone;
  });
  return lines.join('\n').trimEnd() + '\n';
}

/** diagnosis.json without mistakes that break these rules alone. */
export function diagnosisWithout(text: string, held: Held): string {
  const prints = JSON.parse(text) as Record<string, { breaks: string[] }>;
  const left = Object.entries(prints).flatMap(([print, meaning]) => {
    const breaks = meaning.breaks.filter((id) => !held.has(id));
    const isOnlyOfThese = breaks.length === 0 && meaning.breaks.length > 0;
    return isOnlyOfThese ? [] : [[print, { ...meaning, breaks }] as const];
  });
  return `${JSON.stringify(Object.fromEntries(left), null, 2)}\n`;
}

/** quiz.json without the questions that speak of these rules. */
export function quizWithout(text: string, held: Held): string {
  const quiz = JSON.parse(text.replace(/^\ufeff/, '')) as { questions: unknown[] };
  const questions = quiz.questions.filter(
    (question) => mentionsOf(JSON.stringify(question), held).length === 0,
  );
  if (questions.length === quiz.questions.length) return text;
  return `${JSON.stringify({ ...quiz, questions }, null, 2)}\n`;
}

/**
 * A walk-through without what is about these rules alone: list items `- **R12.** …`, `- **R12, R15.** …`, and such a beginning
 * within a paragraph, up to the next one.
 */
export function walkThroughWithout(text: string, held: Held): string {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => {
    const ids = /^\s*[-*+]\s+\*\*([^*]+)\*\*/.exec(line)?.[1]?.match(/\b[RQ]\d+\b/g) ?? [];
    return ids.length > 0 && ids.every((id) => held.has(id)) ? [index] : [];
  });
  const left = starts.length === 0 ? text : withoutItems(lines, new Set(starts)).join('\n');
  let isWhole = starts.length === 0;
  const blocks = left.split(/\n{2,}/).flatMap((block) => {
    const pieces = block.split(/(?=\*\*[RQ]\d+(?:, [RQ]\d+)*\.\*\*)/);
    const kept = pieces.filter((piece) => {
      const ids = /^\*\*([^*]+)\.\*\*/.exec(piece)?.[1]?.split(', ') ?? [];
      return ids.length === 0 || !ids.every((id) => held.has(id));
    });
    if (kept.length === pieces.length) return [block];
    isWhole = false;
    return kept.length === 0 ? [] : [kept.join('').trimEnd()];
  });
  return isWhole ? text : withoutEmpty(blocks).join('\n\n');
}

/** Without headings below which nothing is left. */
function withoutEmpty(blocks: readonly string[]): string[] {
  const full = blocks.filter((block) => block !== '');
  const level = (block: string | undefined) =>
    /^(#+) [^\n]*$/.exec(block?.trim() ?? '#')?.[1]?.length ?? Infinity;
  return full.filter((block, at) => {
    const own = level(block);
    const next = full[at + 1];
    return own === Infinity || (next !== undefined && level(next) > own);
  });
}

/** The lines, counted from 1, in which a text names one of these rules. */
export function mentionsOf(text: string, held: Held): number[] {
  if (held.size === 0) return [];
  const name = new RegExp(`\\b(?:${[...held].join('|')})\\b`);
  return text.split('\n').flatMap((line, index) => (name.test(line) ? [index + 1] : []));
}
