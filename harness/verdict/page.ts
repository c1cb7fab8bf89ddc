import pc from 'picocolors';
import { wrap } from './layout.ts';
import { neutralise, type Limits } from './neutralise.ts';

/** What a rendering needs to know besides the verdict. */
export type RenderOptions = {
  /** Whether ANSI colours are written. */
  colour: boolean;
  /** The terminal's width. Below 40 the text is laid out for 40. */
  columns: number;
  /** Whether ✓ ✗ ○ and the like can be shown; otherwise words and ASCII signs stand for them. */
  unicode: boolean;
  exerciseTitle: string;
  /** The learner's files are the untouched stub. */
  firstTry: boolean;
  /** Ids of the exercises that this attempt unlocked. */
  opened: string[];
  /** Whether the result was written to the learner's progress. */
  recorded: boolean;
  /** The one rule that was asked for; null: all. */
  only: string | null;
  /** The folder given with --from, as it would be typed again. Default: none, the files are in `exercises/<id>`. */
  folder?: string;
  /** Rules that passed or were not tried are counted, not listed. */
  folded?: boolean;
  /** With `only`: the other rules are being judged right now. */
  goesOn?: boolean;
  /** When the exercise is due, in a few words, for a verdict of all rules. */
  due?: string | null;
};

/** The signs of a rendering; each state has one of its own, so that no meaning hangs on a colour. */
export type Marks = {
  passed: string;
  failed: string;
  untried: string;
  error: string;
  star: string;
  dot: string;
  bar: string;
  ellipsis: string;
};

/** The paper that a verdict is written on: its size, its signs, its colours, and how foreign text gets onto it. */
export type Page = {
  paint: ReturnType<typeof pc.createColors>;
  marks: Marks;
  /** The terminal's width. */
  columns: number;
  /** The width for prose and lists: lines much longer than this are hard to read. */
  measure: number;
  /** Whether `npm run serve` can replay a rule: it serves the learner's own files, and no other folder's. */
  replays: boolean;
  /** Foreign text for one line. */
  line(text: string): string;
  /** Foreign text of several lines, wrapped. */
  lines(text: string, columns: number, limits: Limits): string[];
};

/** Paper for one rendering. */
export function createPage(options: Pick<RenderOptions, 'colour' | 'columns' | 'unicode' | 'folder'>): Page {
  const columns = options.columns >= 40 ? Math.floor(options.columns) : 40;
  const spell = options.unicode ? (text: string) => text : inAscii;
  return {
    paint: pc.createColors(options.colour),
    marks: options.unicode ? unicodeMarks : asciiMarks,
    columns,
    measure: Math.min(columns, 100),
    replays: options.folder === undefined,
    line: (text) => spell(neutralise(text.replace(/(?:\r\n|[ \t\n])+/gu, ' ').trim(), { maxChars: 500 })),
    lines: (text, width, limits) => wrap(spell(neutralise(text.trimEnd(), limits)), width),
  };
}

/** The command line that checks the same files again: all rules, or one. */
export function checkLine(
  exercise: string,
  rule: string | null,
  { folder }: Pick<RenderOptions, 'folder'>,
  page: Page,
): string {
  const words = [page.line(exercise), ...(rule === null ? [] : [page.line(rule)])].join(' ');
  if (folder === undefined) return `npm run check ${words}`;
  const from = page.line(folder);
  return `npm run check -- ${words} --from ${/[^\w@%+=:,./\\~-]/.test(from) ? `"${from}"` : from}`;
}

/** Wraps prose of ours to the page; `indent` is put before each line. */
export function paragraph(page: Page, text: string, indent = ''): string[] {
  return wrap(text, page.measure - indent.length).map((line) => indent + line);
}

/**
 * Rows of a label and its text, the texts under each other. `columns` is the width of the whole; rows without text are
 * left out.
 */
export function fields(page: Page, indent: string, rows: [label: string, lines: string[]][]): string[] {
  const shown = rows.filter(([, lines]) => lines.length > 0);
  return shown.flatMap(([label, lines]) =>
    lines.map((line, index) =>
      `${indent}${page.paint.dim((index === 0 ? label : '').padEnd(fieldLabel))}${line}`.trimEnd(),
    ),
  );
}

/** The columns that labels of `fields` take. */
export const fieldLabel = 10;

/** The signs of our own texts in ASCII. Letters of other scripts stay: they are what a rule or a program said. */
function inAscii(text: string): string {
  return text.replace(/§ ?|[·•]|[–—]|…|→|[‘’]|[“”]|★/gu, (sign) => asciiSigns[sign] ?? 'section ');
}

const asciiSigns: Record<string, string> = {
  '·': '-',
  '•': '-',
  '–': '-',
  '—': '-',
  '…': '...',
  '→': '->',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '★': '*',
};

const unicodeMarks: Marks = {
  passed: '✓',
  failed: '✗',
  untried: '○',
  error: '!',
  star: '★',
  dot: '·',
  bar: '│',
  ellipsis: '…',
};

const asciiMarks: Marks = {
  passed: 'ok',
  failed: 'x ',
  untried: '- ',
  error: '! ',
  star: '*',
  dot: '-',
  bar: '|',
  ellipsis: '...',
};
