const AMOUNT = /^ *(?<sign>-?)(?<units>\d+)(?:\.(?<cents>\d{1,2}))? *$/;
const MOST_DIGITS = 12;

/** Turns an amount such as "12.50" into whole cents. Throws a RangeError for everything that is no amount. */
export function parseMoney(text: string): number {
  const { sign = '', units = '', cents = '' } = AMOUNT.exec(text)?.groups ?? {};
  if (units === '' || units.length + cents.length > MOST_DIGITS)
    throw new RangeError('not an amount of money');
  // Digits are put side by side: 4.35 * 100 would be 434.99999999999994.
  const amount = Number(units + cents.padEnd(2, '0'));
  return sign === '-' && amount > 0 ? -amount : amount;
}
