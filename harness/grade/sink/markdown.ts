import { neutralise } from '../../verdict/neutralise.ts';

/**
 * Text of strangers for one line of GitHub's Markdown, also inside a table. Every sign is written as a character reference,
 * which Markdown takes for text and never for syntax; and it stands in `<code>`, where mentions, references to issues and
 * bare addresses are left alone.
 */
export function markdownCode(text: string, maxChars = 500): string {
  return `<code>${references(neutralise(text, { maxChars }).replace(/\s+/g, ' '))}</code>`;
}

/** The same for several lines, as a block of its own. It is one line of Markdown, so nothing in it can end the block. */
export function markdownBlock(text: string, maxChars = 4_000): string {
  return `<pre>${references(neutralise(text, { maxChars }))}</pre>`;
}

/** Line feeds as well: an empty line would end the HTML. */
function references(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{M} ]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
