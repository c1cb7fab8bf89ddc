import type { Exercise } from '../catalog/exercise.ts';
import type { HeldBack } from './chosen.ts';

/** Sections of the workbook's README that are for learners; everything else is for instructors and authors. */
const FOR_LEARNERS = ['For learners', 'Licence'];

/** Parts of them that show all rules of these exercises, and say nothing where one is missing. */
const TOLD_OF: Readonly<Record<string, readonly string[]>> = {
  'An hour, in short': ['01-http-server', '02-sql'],
};

/** The README of an edition: the learners' sections of the workbook's, with examples that are in it, and what is sealed. */
export function editionReadme(readme: string, exercises: readonly Exercise[], held: HeldBack): string {
  const ids = exercises.map(({ id }) => id);
  const whole = ids.filter((id) => !held.has(id));
  const [preamble = '', ...sections] = splitAt(readme, '## ');
  const kept = sections
    .filter((section) => FOR_LEARNERS.includes(titleOf(section)))
    .map((section) => {
      const [start = '', ...parts] = splitAt(section, '### ');
      const stays = parts.filter((part) => (TOLD_OF[titleOf(part)] ?? []).every((id) => whole.includes(id)));
      return [start, ...stays].map((part) => withIds(withoutList(part), exercises)).join('');
    });
  const [first = '', ...others] = kept;
  return `${withLiveLinks([preamble, first, aboutEdition(ids), ...others].join('')).trimEnd()}\n`;
}

/** Without the paragraphs that lead to sections which are not there. */
function withLiveLinks(text: string): string {
  const sections = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => anchorOf(title)));
  return text
    .split('\n\n')
    .filter((paragraph) =>
      [...paragraph.matchAll(/\]\(#([^)]+)\)/g)].every(([, anchor = '']) => sections.has(anchor)),
    )
    .join('\n\n');
}

/** What GitHub and most editors make of a heading for links. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

/** The first hour ends with a list of all exercises of the workbook, which are not those of the edition. Comments are for authors. */
function withoutList(part: string): string {
  return part
    .replace(/^The next exercise is open\.$[^]*?(?=^<!--|(?![^]))/m, '')
    .replace(/^<!--[^]*?-->\n\n?/gm, '');
}

/** Cuts a page in front of each line that begins with `mark`, but not inside of a code block. */
function splitAt(text: string, mark: string): string[] {
  const parts = [''];
  let isCode = false;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (/^\s*(```|~~~)/.test(line)) isCode = !isCode;
    if (!isCode && line.startsWith(mark)) parts.push('');
    parts[parts.length - 1] += line;
  }
  return parts;
}

function titleOf(section: string): string {
  return /^#+\s+(.*)/.exec(section)?.[1]?.trim() ?? '';
}

/** Examples name the first two exercises of the workbook, and some name others: those of this edition take their place. */
function withIds(text: string, exercises: readonly Exercise[]): string {
  const [first, second = first] = exercises;
  if (first === undefined || second === undefined) return text;
  const there = new Set(exercises.map(({ id }) => id));
  const rule = first.rules.some(({ id }) => id === 'R4') ? 'R4' : (first.rules[0]?.id ?? 'R4');
  const names: Readonly<Record<string, string>> = { '01-http-server': first.id, '02-sql': second.id };
  const lines = text.split('\n').flatMap((line) => {
    const named = line.match(/\b\d\d-[a-z]+(-[a-z]+)*\b/g) ?? [];
    if (named.every((id) => there.has(id))) return [line];
    if (named.some((id) => !there.has(id) && names[id] === undefined)) return [];
    const replaced = line
      .replace(/\b(01-http-server|02-sql)\b/g, (id) => (there.has(id) ? id : (names[id] ?? id)))
      .replace(/\bR4\b/g, rule);
    return [withColumn(replaced, line)];
  });
  return lines.join('\n');
}

/** What a command does stays below what the commands around it do. */
function withColumn(line: string, before: string): string {
  const [, command = '', , does] = /^(\s{4,}\S.*?)(\s{2,})(\S.*)$/.exec(line) ?? [];
  const [, earlier = '', gap = ''] = /^(\s{4,}\S.*?)(\s{2,})(\S.*)$/.exec(before) ?? [];
  if (does === undefined) return line;
  return command + ' '.repeat(Math.max(2, earlier.length + gap.length - command.length)) + does;
}

function aboutEdition(ids: readonly string[]): string {
  return `## About this edition

This copy of the workbook was made for a class. It has ${ids.length === 1 ? 'one exercise' : `${ids.length} exercises`}: ${ids.join(', ')}.

The hidden suites and the solutions are **sealed**: \`hidden/suite.sealed\` of each exercise, and \`solution.sealed\` of each
solution. Your commands open them in memory and write nothing of them to the disk. **This is a curtain, not a wall.** The key
lies beside them, in \`edition.json\`. The curtain keeps you from reading them by accident, and keeps search engines and AI
assistants from finding them while they read files. It keeps nobody out who wants to get in. What you would lose is the part
of the work that you learn from.

After your pass, \`npm run solution ID\` opens the solution. Before it, the command asks first.

Your instructor judges with the whole workbook, which may have rules that are not in this edition. The contract of each
exercise covers those as well.

If you work with an AI assistant: [AGENTS.md](AGENTS.md) asks it to coach you and to leave the solving to you.

`;
}
