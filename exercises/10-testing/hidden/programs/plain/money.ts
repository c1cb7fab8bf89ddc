// canary a0046b4f179dc00fb50938c7
export function parseMoney(text: string): number {
  const match = /^ *(-?)(\d+)(?:\.(\d{1,2}))? *$/.exec(text);
  if (match === null) throw new RangeError('an amount looks like 12.50');
  const [, sign = '', units = '', cents = ''] = match;
  const amount = Number(units) * 100 + Number(cents.padEnd(2, '0'));
  return sign === '-' ? 0 - amount : amount;
}
