import type { Rule } from './exercise.ts';
import { plainText } from './plain-text.ts';
import { quoted } from './printable.ts';

/** A rule as README.md states it. `line` counts from 1. */
export type ManifestRule = Pick<Rule, 'id' | 'tier' | 'title' | 'citation'> & { line: number };

/** A mistake in the rule lists. `expected` completes "Expected: …". */
export type ManifestProblem = { line: number; expected: string; message: string };

/** Core rules first, each tier in README order. */
export type Manifest =
  { ok: true; rules: ManifestRule[] } | { ok: false; problems: [ManifestProblem, ...ManifestProblem[]] };

const EXPECTED = {
  rule: '"- **R7** sentence *(RFC 9110 §15.5.16)*": bold id (R or Q and a number), sentence, citation in slanted brackets',
  citation: 'a citation at the end: *(RFC 9110 §15.5.16)*',
  lists: 'a heading "Rules" and below it the headings "Core" and "Extra", each with its list',
  tier: 'every rule below the heading "Core" or the heading "Extra"',
  once: 'each id once; R7 and R07 are the same id',
  short: 'a rule of at most 1000 characters',
};

const LONGEST_RULE = 1_000;
const RULE = /^\*\*([RQ]\d+)\*\*\s+(\S.*)$/s;
/** Greedy at the front: the last brackets are the citation. Formatters turn the stars into underscores. */
const CITATION = /^(.*)([*_])\((.+)\)\2\.?$/s;
/** A list line with an id in any dress (`R7`, `**r 7**`, `[Q01]`), or with a citation at its end. */
const LOOKS_LIKE_RULE = /^(?:[*_`[]+\s*[A-Za-z]{0,2}|[RrQq])[ .-]?\d|[*_]\([^()]*\)[*_]\.?\s*$/;
const LIST_LINE = /^([ \t]*)(?:[-*+]|\d{1,9}[.)])(?:[ \t]+(.*))?$/;
/** A rule without its dash. */
const BARE_RULE = /^\*\*[RrQq]\d/;
const BLANK = /^\s*$|^ {0,3}([-*_])(?: *\1){2,} *$/;

type Tier = Rule['tier'];
/** `text`: without the list mark; its lines are joined by line breaks. */
type Item = { line: number; tier: Tier | null; text: string };

/**
 * Reads the rules of an exercise from its README: below a heading `Rules` (of any level) the headings `Core` and `Extra`,
 * below each a list of `- **R7** sentence *(citation)*`. A rule goes on until a blank line or the next list line. Code
 * blocks and comments are passed over, and so are other list lines, unless they look like a rule that went wrong.
 */
export function parseManifest(readme: string): Manifest {
  const { items, problems, rulesLine } = collectItems(readme);
  const rules: ManifestRule[] = [];
  const firstLine = new Map<string, number>();

  for (const item of items) {
    const read = readItem(item);
    if (!read.ok) {
      problems.push(read.problem);
      continue;
    }
    const { rule } = read;
    const same = `${rule.id.charAt(0)}${Number(rule.id.slice(1))}`;
    const earlier = firstLine.get(same);
    if (earlier !== undefined) {
      const message = `The id ${rule.id} is taken: line ${earlier} has it already.`;
      problems.push({ line: rule.line, expected: EXPECTED.once, message });
      continue;
    }
    firstLine.set(same, rule.line);
    rules.push(rule);
  }

  if (problems.length === 0 && !rules.some((rule) => rule.tier === 'core')) {
    const message = rulesLine === null ? 'There is no heading "Rules".' : 'There are no core rules.';
    problems.push({ line: rulesLine ?? 1, expected: EXPECTED.lists, message });
  }
  const [first, ...others] = problems.toSorted((a, b) => a.line - b.line);
  if (first !== undefined) return { ok: false, problems: [first, ...others] };
  return {
    ok: true,
    rules: rules.toSorted((a, b) => Number(a.tier === 'extra') - Number(b.tier === 'extra')),
  };
}

function readItem(item: Item): { ok: true; rule: ManifestRule } | { ok: false; problem: ManifestProblem } {
  const { line, tier, text } = item;
  const fail = (expected: string, message: string) =>
    ({ ok: false, problem: { line, expected, message } }) as const;

  const [, id, rest] = RULE.exec(text) ?? [];
  if (id === undefined || rest === undefined) {
    return fail(
      EXPECTED.rule,
      `This looks like a rule and cannot be read: ${quoted(text.split('\n')[0] ?? '')}.`,
    );
  }
  if (tier === null) return fail(EXPECTED.tier, `${id} stands below neither "Core" nor "Extra".`);
  if (text.length > LONGEST_RULE) return fail(EXPECTED.short, `${id} has ${text.length} characters.`);
  const [, sentence, , cited] = CITATION.exec(rest) ?? [];
  if (sentence === undefined || cited === undefined) {
    return fail(EXPECTED.citation, `${id} does not end with a citation.`);
  }
  const title = plainText(sentence);
  if (title === '') return fail(EXPECTED.rule, `${id} has a citation and no sentence.`);
  const citation = plainText(cited);
  if (citation === '') return fail(EXPECTED.citation, `The citation of ${id} is empty.`);
  return { ok: true, rule: { id, tier, title, citation, line } };
}

type Section = { level: number; tier: Tier | null };

/** The list lines below `Rules` that are, or look like, rules; each with the lines it goes on in. */
function collectItems(readme: string): {
  items: Item[];
  problems: ManifestProblem[];
  rulesLine: number | null;
} {
  const items: Item[] = [];
  const problems: ManifestProblem[] = [];
  let rulesLine: number | null = null;
  let section: Section | null = null;
  /** The rule that the next line may belong to. */
  let current: Item | null = null;
  /** How far the list below the last heading is indented. */
  let listDepth: number | null = null;

  for (const [index, text] of visibleLines(readme).entries()) {
    const line = index + 1;
    const heading = headingOf(text);
    if (heading !== null) {
      current = null;
      listDepth = null;
      const tier = tierOf(heading.title);
      if (heading.title.toLowerCase() === 'rules') {
        if (rulesLine !== null) {
          const message = `There is a heading "Rules" in line ${rulesLine} already.`;
          problems.push({ line, expected: 'one heading "Rules"', message });
        }
        rulesLine ??= line;
        section = { level: heading.level, tier: null };
      } else if (section !== null && tier !== null) {
        section.tier = tier;
      } else if (section !== null) {
        if (heading.level <= section.level) section = null;
        else section.tier = null;
      }
      continue;
    }
    if (section === null) continue;

    const [isList, indent = '', content = ''] = LIST_LINE.exec(text) ?? [];
    if (BLANK.test(text)) {
      current = null;
    } else if (isList !== undefined) {
      current = null;
      const depth = indent.replaceAll('\t', '    ').length;
      listDepth ??= depth;
      if (!LOOKS_LIKE_RULE.test(content)) continue;
      if (depth > 3 || depth >= listDepth + 2) {
        const message = `This list line is indented, so it reads as a part of the one above: ${quoted(text.trim())}.`;
        problems.push({ line, expected: 'every rule at the start of its line', message });
        continue;
      }
      current = { line, tier: section.tier, text: content.trim() };
      items.push(current);
    } else if (BARE_RULE.test(text)) {
      current = null;
      const message = `This looks like a rule and is no list line: ${quoted(text)}.`;
      problems.push({ line, expected: EXPECTED.rule, message });
    } else if (current === null || current.text.length > LONGEST_RULE) {
      continue;
    } else if (CITATION.test(current.text)) {
      const message = `The rule of line ${current.line} goes on after its citation.`;
      problems.push({ line, expected: `${EXPECTED.citation}, then an empty line`, message });
      current = null;
    } else {
      current.text += `\n${text.trim()}`;
    }
  }
  return { items, problems, rulesLine };
}

function headingOf(text: string): { level: number; title: string } | null {
  const [, marks, title] = /^ {0,3}(#{1,6})[ \t]+(.*)$/.exec(text) ?? [];
  if (marks === undefined || title === undefined) return null;
  // Only short headings are asked for, and stripping a long text takes long.
  const stripped = title.length > 80 ? '' : plainText(title.replace(/[ \t]+#+[ \t]*$/, ''));
  return { level: marks.length, title: stripped };
}

function tierOf(title: string): Tier | null {
  const [, tier] = /^(core|extra)(?: rules)?$/i.exec(title) ?? [];
  if (tier === undefined) return null;
  return tier.toLowerCase() === 'core' ? 'core' : 'extra';
}

/** The lines of a text; those of code blocks and comments are empty, so that line numbers stay right. */
function visibleLines(readme: string): string[] {
  let fence: string | null = null;
  return withoutComments(readme.replace(/^\ufeff/, ''))
    .split(/\r\n|\n|\r/)
    .map((text) => {
      const [, mark, info = ''] = /^\s*(`{3,}|~{3,})(.*)$/.exec(text) ?? [];
      if (fence !== null) {
        if (mark?.startsWith(fence) && info.trim() === '') fence = null;
        return '';
      }
      if (mark === undefined || (mark.startsWith('`') && info.includes('`'))) return text;
      fence = mark;
      return '';
    });
}

function withoutComments(text: string): string {
  let result = '';
  let offset = 0;
  for (;;) {
    const start = text.indexOf('<!--', offset);
    const end = start === -1 ? -1 : text.indexOf('-->', start + 4);
    if (end === -1) return result + text.slice(offset);
    result += text.slice(offset, start) + text.slice(start, end).replace(/[^\r\n]+/g, '');
    offset = end + 3;
  }
}
