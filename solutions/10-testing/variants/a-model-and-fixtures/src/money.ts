/** Turns an amount such as "12.50" into whole cents. */
export function parseMoney(text: string): number {
  const amount = text.trim();
  if (!/^-?\d+(\.\d\d?)?$/.test(amount)) throw new RangeError('expected something like 12.50');
  const [units = '', cents = ''] = amount.replace('-', '').split('.');
  const sum = BigInt(units) * 100n + BigInt(`${cents}00`.slice(0, 2));
  return Number(amount.startsWith('-') ? -sum : sum);
}
