import { neutralise } from '../../verdict/neutralise.ts';

/**
 * Text of strangers for HTML, between tags and in quoted attributes: it never becomes a tag, a character reference or the
 * end of an attribute. What cannot be seen, or turns the writing direction, is written out as an escape. It must not be put
 * where an address is expected.
 */
export function htmlText(text: string): string {
  return neutralise(text).replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}
