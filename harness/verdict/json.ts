import { unseen } from './neutralise.ts';
import type { Verdict } from './verdict.ts';

/**
 * The verdict as JSON, two spaces deep, with a line feed at the end. `parseVerdict(JSON.parse(text))` gives the verdict
 * back; only lone surrogates, which many readers of JSON refuse, become U+FFFD.
 *
 * What a program printed is in here. So characters that act on a terminal, and the signs that a CI runner takes for
 * a command, are written as `\u` escapes: the same strings to a JSON reader, harmless where they are only shown.
 */
export function renderJson(verdict: Verdict): string {
  return harmlessJson(verdict);
}

/** The same for any other document that holds text of strangers. */
export function harmlessJson(document: object): string {
  const text = JSON.stringify(document, wellFormed, 2);
  return text.replace(unseen, escapeUnits).replace(/#(?=#\w*\[)/gu, '\\u0023') + '\n';
}

function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Cs}/gu, '\ufffd') : value;
}

/** JSON escapes are UTF-16 units: a character beyond U+FFFF takes two. Line feeds are those between the members. */
function escapeUnits(character: string): string {
  if (character === '\n') return character;
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
