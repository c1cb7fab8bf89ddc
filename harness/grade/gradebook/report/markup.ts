import { Html, html } from '../../../dashboard/html.ts';
import type { Content } from '../../../dashboard/html.ts';
import { neutralise } from '../../../verdict/neutralise.ts';

export { Html };
export type { Content };

const squeezed = new WeakMap<TemplateStringsArray, TemplateStringsArray>();

/**
 * A template whose values are text unless they are HTML by their type, as the page of the workbook has them. Line breaks
 * of the template itself are left out: there are thousands of each.
 */
export function markup(strings: TemplateStringsArray, ...values: Content[]): Html {
  let small = squeezed.get(strings);
  if (small === undefined) {
    const parts = strings.map((part) => part.replace(/\s*\n\s*/g, ''));
    small = Object.assign(parts, { raw: parts });
    squeezed.set(strings, small);
  }
  return html(small, ...values);
}

/** Text of a program or a roster, with what cannot be seen written out, and no more of it than `maxChars`. */
export function foreign(text: string, maxChars = 300): string {
  return neutralise(text, { maxChars });
}

/** The same on one line. */
export function foreignLine(text: string, maxChars = 300): string {
  return foreign(text.replace(/\s+/g, ' ').trim(), maxChars);
}
