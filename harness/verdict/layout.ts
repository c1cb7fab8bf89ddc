/**
 * How wide text is in a terminal, and how it is cut and wrapped to fit. All functions expect text without control
 * characters and without colours: neutralise first, lay out second, colour last.
 */

/** Marks and signs that stand on the letter before them, and the joiners inside an emoji. */
const noColumn = /^(?:\p{M}|\u200d)$/u;

/** East Asian wide and full-width characters, and emoji that are shown as pictures without being asked to. */
const twoColumns =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]$/u;

/** A tab is shown as this many spaces, wherever it stands. */
const tab = '    ';

/** Printable ASCII, which is one column a character: nearly every text, and much quicker to see than to measure. */
const narrow = /^[\x20-\x7e]*$/;

/** The number of terminal columns that one line of text takes. An estimate for scripts that terminals draw differently. */
export function width(text: string): number {
  if (narrow.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** Cuts one line to at most `columns`, and ends it with `ellipsis` (and no comma before it) when something was cut. */
export function clip(text: string, columns: number, ellipsis: string): string {
  if (width(text) <= columns) return text;
  return takeColumns(text, Math.max(0, columns - width(ellipsis))).replace(/[\s,:;]+$/u, '') + ellipsis;
}

/**
 * Breaks text into lines of at most `columns`: between words where it can, inside a word that is longer than a line.
 * Line breaks in the text stay; spaces at the start of a line stay, so that code and JSON keep their shape.
 */
export function wrap(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line.replaceAll('\t', tab), Math.max(2, columns)));
}

/** The longest start of `text` that fits into `columns`. */
export function takeColumns(text: string, columns: number): string {
  if (narrow.test(text)) return text.slice(0, columns);
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns) break;
    taken += character;
  }
  return taken;
}

function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = '';
  let used = 0;
  for (const word of line.match(/\s+|\S+/gu) ?? []) {
    const wide = width(word);
    if (used + wide <= columns) {
      current += word;
      used += wide;
      continue;
    }
    // Space that does not fit on the line is the line break itself, however much it is.
    if (word.trim() === '') {
      if (current.trim() !== '') lines.push(current.trimEnd());
      current = '';
      used = 0;
      continue;
    }
    if (current.trim() !== '') lines.push(current.trimEnd());
    let rest = word;
    while (width(rest) > columns) {
      const piece = takeColumns(rest, columns);
      lines.push(piece);
      rest = rest.slice(piece.length);
    }
    current = rest;
    used = width(rest);
  }
  if (current.trim() !== '' || lines.length === 0) lines.push(current.trimEnd());
  return lines;
}

function columnsOf(character: string): number {
  if (character === '\t') return tab.length;
  if (noColumn.test(character)) return 0;
  return twoColumns.test(character) ? 2 : 1;
}

/** Two texts on one line, the second at the right edge; null when there is no room for two spaces between them. */
export function spread(left: string, right: string, columns: number): string | null {
  const gap = columns - width(left) - width(right);
  if (right === '') return left;
  return gap < 2 ? null : left + ' '.repeat(gap) + right;
}
