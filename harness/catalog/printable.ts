/**
 * Text from a file or a command line, safe to show on one line of a terminal: control characters, characters that turn
 * the writing direction and halves of characters are written as `\u{1b}`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

const QUOTED_LENGTH = 60;

/** `text` in double quotes, printable and cut to 60 characters. */
export function quoted(text: string): string {
  const characters = Array.from(text.slice(0, QUOTED_LENGTH * 2));
  const cut = characters.length > QUOTED_LENGTH || text.length > QUOTED_LENGTH * 2;
  return `"${printable(characters.slice(0, QUOTED_LENGTH).join(''))}${cut ? '…' : ''}"`;
}
