// canary eac2c4a73351746a40123e2a
export { createApp, startProgram } from './routes.ts';
export { priceCart } from './pipeline.ts';

/** Digit by digit. */
export const parseMoney = (text: string): number => {
  const signs = [...text];
  while (signs[0] === ' ') signs.shift();
  while (signs.at(-1) === ' ') signs.pop();
  const sign = signs[0] === '-' ? -1 : 1;
  const digits = signs.slice(sign === -1 ? 1 : 0).join('');
  const point = digits.indexOf('.');
  const units = point === -1 ? digits : digits.slice(0, point);
  const cents = point === -1 ? '00' : digits.slice(point + 1);
  const looksRight = /^\d+$/.test(units) && (cents.length === 1 || cents.length === 2) && /^\d+$/.test(cents);
  if (!looksRight) throw Object.assign(new RangeError('unreadable'), { code: 'bad_amount' });
  const value = [...(units + cents), ...(cents.length === 1 ? ['0'] : [])].reduce(
    (sum, digit) => sum * 10 + Number(digit),
    0,
  );
  return value === 0 ? 0 : sign * value;
};
