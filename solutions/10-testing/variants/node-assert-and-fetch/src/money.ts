/** Turns an amount such as "12.50" into whole cents, one character after the other. */
export function parseMoney(text: string): number {
  let rest = text.trim();
  const isNegative = rest.startsWith('-');
  if (isNegative) rest = rest.slice(1);
  let cents = 0;
  let before = 0;
  let after: number | null = null;
  for (const char of rest) {
    if (char === '.' && after === null && before > 0) after = 0;
    else if (char >= '0' && char <= '9') {
      cents = cents * 10 + (char.charCodeAt(0) - 48);
      if (after === null) before++;
      else after++;
    } else throw new RangeError(`an amount has no ${JSON.stringify(char)} here`);
  }
  if (before === 0 || after === 0 || (after ?? 0) > 2) throw new RangeError('that is no amount');
  for (let places = after ?? 0; places < 2; places++) cents *= 10;
  return isNegative ? 0 - cents : cents;
}
