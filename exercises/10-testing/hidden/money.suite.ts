// canary 989dff2dd65fad45d2be541e
import { rule, step, Unmet } from '#suite';
import type { Trial } from '#suite';

rule('R14', async (t) => {
  await step(t, 'the given tests', async () => {
    await t.mustReturnValue('parseMoney', ['12.50'], 1250);
    await t.mustReturnValue('parseMoney', ['12'], 1200);
    await mustRefuse(t, '1.234');
  });
  await step(t, 'any amount', async () => {
    for (let count = 0; count < 8; count++) {
      const units = t.random.integer(0, 99_999);
      const cents = t.random.integer(1, 99);
      const text = `${units}.${String(cents).padStart(2, '0')}`;
      await t.mustReturnValue('parseMoney', [text], units * 100 + cents);
      await t.mustReturnValue('parseMoney', [`-${text}`], -(units * 100 + cents));
    }
    // As a fraction, each of these is a hair below what it says.
    for (const [text, cents] of [
      ['0.29', 29],
      ['1.15', 115],
      ['4.35', 435],
      ['8.20', 820],
    ] as const)
      await t.mustReturnValue('parseMoney', [text], cents);
  });
  await step(t, 'one digit after the point', async () => {
    const digit = t.random.integer(1, 9);
    await t.mustReturnValue('parseMoney', [`7.${digit}`], 700 + 10 * digit);
  });
  await step(t, 'less than one', async () => {
    await t.mustReturnValue('parseMoney', ['-0.50'], -50);
    await t.mustReturnValue('parseMoney', ['0.05'], 5);
  });
  await step(t, 'spaces around it', () => t.mustReturnValue('parseMoney', ['  3.20 '], 320));
  await step(t, 'no amount', async () => {
    for (const text of ['', 'abc', '1,50', '1e3', '.5', '5.', '1.2.3', '--1', '1 000', '0x10', 'NaN'])
      await mustRefuse(t, text);
  });
});

async function mustRefuse(t: Trial, text: string): Promise<void> {
  const sent = `parseMoney(${JSON.stringify(text)})`;
  const outcome = await t.call('parseMoney', [text]);
  if ('threw' in outcome && outcome.threw.name === 'RangeError') return;
  const got =
    'threw' in outcome ? `it threw a ${outcome.threw.name}` : `it returned ${JSON.stringify(outcome.value)}`;
  throw new Unmet({ expected: 'it throws a RangeError', got, sent });
}
