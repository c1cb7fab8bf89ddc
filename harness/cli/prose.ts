import { plainText } from '../catalog/plain-text.ts';
import type { Page } from '../verdict/page.ts';

/** One piece of a Markdown text. `marker`: what stands before an item, such as `-` or `2.`; empty: a paragraph. */
type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'text'; marker: string; indent: number; text: string }
  /** Lines that stay as they are: code between fences, a table, HTML. */
  | { kind: 'code'; isFenced: boolean; indent: number; lines: string[] };

const CODE_INDENT = 4;

/**
 * A Markdown text as lines for the terminal: headings, paragraphs, lists and code, wrapped to the page, with an empty
 * line between blocks. Code keeps its backticks and its line breaks; tables and HTML stay as they were written.
 */
export function renderProse(markdown: string, page: Page): string[] {
  const lines: string[] = [];
  let before: Block | null = null;
  for (const block of blocksOf(markdown)) {
    // Items of a list follow each other without a gap, as they were written.
    const isNextItem = before?.kind === 'text' && before.marker !== '' && block.kind === 'text';
    if (before !== null && !(isNextItem && block.marker !== '')) lines.push('');
    lines.push(...linesOf(block, page));
    before = block;
  }
  return lines;
}

function linesOf(block: Block, page: Page): string[] {
  switch (block.kind) {
    case 'heading':
      return page.lines(plainText(block.text, { ticks: true }), page.measure, {}).map(page.paint.bold);
    case 'code': {
      const lead = ' '.repeat(block.indent + (block.isFenced ? CODE_INDENT : 0));
      return page.lines(block.lines.join('\n'), Infinity, {}).map((line) => (lead + line).trimEnd());
    }
    case 'text': {
      const lead = ' '.repeat(block.indent) + (block.marker === '' ? '' : `${block.marker} `);
      const lines = page.lines(plainText(block.text, { ticks: true }), page.measure - lead.length, {});
      return lines.map((line, index) => (index === 0 ? lead : ' '.repeat(lead.length)) + line);
    }
  }
}

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: Extract<Block, { kind: 'text' }> | null = null;
  let raw: Extract<Block, { kind: 'code' }> | null = null;
  let code: (Extract<Block, { kind: 'code' }> & { fence: string }) | null = null;
  for (const line of markdown.split(/\r?\n/)) {
    const isRaw = /^\s*[|<]/.test(line);
    const fence = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (code !== null) {
      if (fence?.startsWith(code.fence) === true) code = null;
      else code.lines.push(line.slice(Math.min(code.indent, line.length - line.trimStart().length)));
      continue;
    }
    if (!isRaw) raw = null;
    const indent = line.length - line.trimStart().length;
    const heading = /^#{1,6}\s+(.*?)\s*#*$/.exec(line)?.[1];
    const item = /^\s*([-*+]|\d+[.)])\s+(.*)$/.exec(line);
    if (fence !== undefined) {
      code = { kind: 'code', isFenced: true, indent, lines: [], fence };
      blocks.push(code);
      open = null;
    } else if (heading !== undefined) {
      blocks.push({ kind: 'heading', text: heading });
      open = null;
    } else if (line.trim() === '') {
      open = null;
    } else if (item !== null) {
      open = { kind: 'text', marker: item[1] ?? '', indent, text: item[2] ?? '' };
      blocks.push(open);
    } else if (open !== null) {
      open.text += `\n${line}`;
    } else if (isRaw && raw !== null) {
      raw.lines.push(line);
    } else if (isRaw) {
      raw = { kind: 'code', isFenced: false, indent: 0, lines: [line] };
      blocks.push(raw);
    } else {
      open = { kind: 'text', marker: '', indent, text: line };
      blocks.push(open);
    }
  }
  return blocks;
}
