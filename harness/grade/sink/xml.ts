import { neutralise } from '../../verdict/neutralise.ts';

/** XML 1.0 §2.2 allows these characters, and no reference to others. */
const illegal = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

/**
 * Text of strangers for XML 1.0, between tags and in quoted attributes. Characters that XML has no way to hold are written
 * out as an escape, `\x1b`; line feeds and tabs as references, or a reader would make spaces of them in attributes.
 */
export function xmlText(text: string, maxChars = 20_000): string {
  return neutralise(text, { maxChars })
    .replace(illegal, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"'\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
