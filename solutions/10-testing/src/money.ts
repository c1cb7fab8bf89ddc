const AMOUNT = /^(?<sign>-?)(?<units>\d+)(?:\.(?<cents>\d{1,2}))?$/;

/** Turns an amount such as "12.50" into whole cents. All of it is done with digits: 4.35 * 100 is 434.99999999999994. */
export function parseMoney(text: string): number {
  const { sign, units, cents = '' } = AMOUNT.exec(text.trim())?.groups ?? {};
  if (units === undefined) throw new RangeError(`not an amount: ${text}`);
  const amount = Number(units + cents.padEnd(2, '0'));
  return sign === '-' ? -amount : amount;
}
