import { neutralise } from '../verdict/neutralise.ts';
import type { Limits } from '../verdict/neutralise.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';

/**
 * Text of a program, of its files or of an error. It is escaped like every text; besides, what cannot be seen or turns
 * the writing direction is written out, so that it cannot pass for something else.
 */
export function foreign(text: string, limits: Limits = {}): Html {
  return html`${neutralise(text, { maxChars: 8_000, maxLines: 60, ...limits })}`;
}

/** The same on one line. */
export function foreignLine(text: string, maxChars = 500): string {
  return neutralise(text.replace(/\s+/g, ' ').trim(), { maxChars, maxLines: 1 });
}
