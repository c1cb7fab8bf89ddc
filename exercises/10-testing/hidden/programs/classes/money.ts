// canary 605a0a77135401af3b1c4bee
/** An amount in whole cents. */
export class Money {
  readonly cents: number;

  constructor(cents: number) {
    this.cents = cents;
  }

  static parse(text: string): Money {
    const trimmed = text.replace(/^ +/, '').replace(/ +$/, '');
    const isNegative = trimmed.startsWith('-');
    const [units = '', fraction, ...more] = (isNegative ? trimmed.slice(1) : trimmed).split('.');
    const isRight =
      more.length === 0 &&
      /^[0-9]+$/.test(units) &&
      (fraction === undefined || /^[0-9]{1,2}$/.test(fraction));
    if (!isRight) throw new RangeError(`not an amount: ${text}`);
    const cents = Number(units + (fraction ?? '').padEnd(2, '0'));
    return new Money(isNegative && cents !== 0 ? -cents : cents);
  }

  /** This percentage of it, half a cent rounded up. */
  share(percent: number): number {
    return Math.round((this.cents * percent) / 100);
  }
}
