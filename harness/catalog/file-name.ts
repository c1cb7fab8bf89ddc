const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/**
 * Why a file or folder of this name is not taken, as a sentence; null: the name is fine. Names are data of whoever
 * wrote them: what would repaint a terminal, or mean something else on another system, is refused by name.
 */
export function nameProblem(name: string): string | null {
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name)) return 'Its name holds a control character.';
  if (/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/.test(name)) {
    return 'Its name holds a character that turns the writing direction.';
  }
  if (/[\p{Cs}\ufffd]/u.test(name)) return 'Its name is not valid Unicode.';
  if (/[\\:<>"|?*]/.test(name))
    return 'Its name holds one of \\ : < > " | ? *, which Windows does not allow.';
  if (/[. ]$/.test(name)) return 'Its name ends with a dot or a space, which Windows drops.';
  if (WINDOWS_DEVICE.test(name)) return 'Its name means a device on Windows.';
  return null;
}

/** Two paths with the same key are one file on a disk that ignores case or the way accents are written. */
export function collisionKey(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}
