const AMOUNT = /^ *(?<sign>-?)(?<units>[0-9]+)(?:\.(?<cents>[0-9]{1,2}))? *$/;
const MOST_DIGITS = 12;

/**
 * Turns an amount such as "12.50" into whole cents. It works on the digits, not on a fraction: 4.35 * 100 is not 435.
 * @throws RangeError when the text is not an amount
 */
export function parseMoney(text: string): number {
  const { sign, units, cents = '' } = AMOUNT.exec(text)?.groups ?? {};
  if (units === undefined || units.length + cents.length > MOST_DIGITS) {
    throw new RangeError(`not an amount of money: ${JSON.stringify(text)}`);
  }
  const amount = Number(units + cents.padEnd(2, '0'));
  return sign === '-' ? 0 - amount : amount;
}
