import { takeColumns, width } from './layout.ts';

/** How much of a text may be shown. What is left out is said in square brackets, where it was. */
export type Limits = {
  maxLines?: number;
  /** Terminal columns of one line, see `layout.ts`. */
  maxColumns?: number;
  /** UTF-16 units of the text as it came, before anything in it is escaped. */
  maxChars?: number;
  /** Which end of the text stays when lines or characters are left out. Default: `start`. */
  keep?: 'start' | 'end';
};

/**
 * Makes text from anywhere harmless for a terminal and for the log of a CI run. Line feeds and tabs stay. Everything
 * else that moves the cursor, changes colours, reorders text or cannot be seen is written out as an escape, so that
 * who printed it sees it: `\x1b[2J`, `\r`, `\u202e`. A pair of carriage return and line feed counts as a line feed.
 *
 * Who lays the result out anew (wraps it, say) calls `neutraliseCommands` on the lines again: a command may come to
 * stand at the start of one.
 */
export function neutralise(text: string, limits: Limits = {}): string {
  const { text: kept, left } = cutCharacters(text, limits.maxChars ?? Infinity, limits.keep ?? 'start');
  const shown = kept.replaceAll('\r\n', '\n').replace(dangerous, escape).replace(pileOfMarks, escape);
  return cutLines(neutraliseCommands(shown), left, limits);
}

/**
 * Keeps a CI runner from taking printed text for a command. GitHub's runner acts on `::name …::` at the start of a
 * line, after any space, and on `##[name …]` anywhere in one; Azure's and TeamCity's forms are covered as well.
 * A backslash is put in, which shows. Text that went through once stays as it is.
 */
export function neutraliseCommands(text: string): string {
  return text.replace(commandAtStart, '$1\\::').replace(commandAnywhere, '#\\#$1[');
}

/**
 * Characters that act instead of being seen: controls (C0, C1, delete), lone surrogates, line and paragraph separators,
 * annotation marks, and all that Unicode calls ignorable: zero-width characters, bidirectional overrides and isolates,
 * fillers, tags. Line feed and tab are among them.
 */
export const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Joiners and selectors inside an emoji do what they are for; so do line feed and tab. */
const harmless =
  /[\n\t]|(?<=\p{Extended_Pictographic})\ufe0f|(?<=\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d(?=\p{Extended_Pictographic})/u;

const dangerous = new RegExp(`(?!${harmless.source})${unseen.source}`, 'gu');

/** The fifth and later mark on one letter: enough of them cover the lines above and below. */
const pileOfMarks = /(?<=\p{M}{4})\p{M}/gu;

/** Our own colours may stand before the command: the runner's log viewer does not show them either. */
const commandAtStart = /^((?:\s|\p{Cc}\[[0-9;]*m)*)::/gmu;
const commandAnywhere = /##(vso|teamcity|)\[/giu;

function escape(character: string): string {
  if (character === '\r') return '\\r';
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

function cutCharacters(text: string, most: number, keep: 'start' | 'end'): { text: string; left: number } {
  if (text.length <= most) return { text, left: 0 };
  const cut = keep === 'start' ? most : text.length - most;
  // A pair of surrogates is one character: it is left out as a whole.
  const insidePair = /[\ud800-\udbff]/.test(text.charAt(cut - 1)) && /[\udc00-\udfff]/.test(text.charAt(cut));
  if (keep === 'start') {
    const shown = text.slice(0, insidePair ? cut - 1 : cut);
    return { text: shown, left: text.length - shown.length };
  }
  const shown = text.slice(insidePair ? cut + 1 : cut);
  return { text: shown, left: text.length - shown.length };
}

function cutLines(text: string, charactersLeft: number, limits: Limits): string {
  const { maxLines = Infinity, maxColumns = Infinity, keep = 'start' } = limits;
  if (charactersLeft === 0 && maxLines === Infinity && maxColumns === Infinity) return text;
  const endsWithBreak = text.endsWith('\n');
  const all = (endsWithBreak ? text.slice(0, -1) : text).split('\n');
  const shown =
    all.length <= maxLines ? all : keep === 'start' ? all.slice(0, maxLines) : all.slice(-maxLines);
  const lines = shown.map((line) => cutColumns(line, maxColumns));
  const linesLeft = all.length - shown.length;
  if (linesLeft === 0 && charactersLeft === 0) return lines.join('\n') + (endsWithBreak ? '\n' : '');
  const which = keep === 'start' ? 'more' : 'earlier';
  const left = [
    ...(linesLeft > 0 ? [`${linesLeft} ${which} ${linesLeft === 1 ? 'line' : 'lines'}`] : []),
    ...(charactersLeft > 0
      ? [`${charactersLeft} ${which} ${charactersLeft === 1 ? 'character' : 'characters'}`]
      : []),
  ];
  const statement = `[not shown: ${left.join(' and ')}]`;
  return (keep === 'start' ? [...lines, statement] : [statement, ...lines]).join('\n');
}

function cutColumns(line: string, most: number): string {
  if (width(line) <= most) return line;
  const shown = takeColumns(line, most);
  return `${shown} [+${line.length - shown.length} characters]`;
}
