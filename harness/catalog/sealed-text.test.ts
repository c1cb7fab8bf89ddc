import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { seal, unseal } from './sealed-text.ts';

const key = randomBytes(32);
const place = { key, path: 'exercises/04-jwt/hidden/suite.sealed' };
const SECRET = `// canary ${'a1'.repeat(12)}\n${'const answer = 42; // Zoë 🦊\n'.repeat(200)}`;
const ABOUT = 'Sealed.\nA curtain, not a wall.';

describe('a sealed text', () => {
  test('opens to what it was, under the same key and in the same place', () => {
    expect(unseal(seal(SECRET, place, ABOUT), place)).toBe(SECRET);
    expect(unseal(seal('', place, ABOUT), place)).toBe('');
  });

  test('says above itself what it is, and holds nothing of the content', () => {
    const text = seal(SECRET, place, ABOUT);
    expect(text.startsWith(`${ABOUT}\n\nworkbook-sealed-1\n`)).toBe(true);
    expect(text).toMatch(/\n$/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(76);
    const body = Buffer.from(text.split('workbook-sealed-1\n')[1] ?? '', 'base64').toString('latin1');
    expect(body).not.toContain('canary');
    expect(body).not.toContain('answer');
  });

  test('has the same bytes for the same content, so that git shows no change where there is none', () => {
    expect(seal(SECRET, place, ABOUT)).toBe(seal(SECRET, place, ABOUT));
  });

  test('never has one nonce for two contents, two places or two keys', () => {
    const nonceOf = (text: string): string =>
      Buffer.from(text.split('workbook-sealed-1\n')[1] ?? '', 'base64')
        .subarray(0, 12)
        .toString('hex');
    const nonces = [
      seal(SECRET, place, ABOUT),
      seal(`${SECRET} `, place, ABOUT),
      seal(SECRET, { ...place, path: 'exercises/05-validation/hidden/suite.sealed' }, ABOUT),
      seal(SECRET, { ...place, key: randomBytes(32) }, ABOUT),
    ].map(nonceOf);
    expect(new Set(nonces).size).toBe(4);
  });

  test('opens after git has put carriage returns into it', () => {
    expect(unseal(seal(SECRET, place, ABOUT).replaceAll('\n', '\r\n'), place)).toBe(SECRET);
  });

  test.each<[string, (text: string) => string, typeof place]>([
    ['with another key', (text) => text, { ...place, key: randomBytes(32) }],
    ['in another place', (text) => text, { ...place, path: 'exercises/01-first/hidden/suite.sealed' }],
    ['cut short', (text) => text.slice(0, -40), place],
    ['without its body', (text) => text.split('workbook-sealed-1\n')[0] ?? '', place],
    ['with a body that is nearly nothing', () => 'workbook-sealed-1\nAAAA\n', place],
    [
      'with one letter changed',
      (text) =>
        text.replace(
          /(\n[A-Za-z0-9+/]{20})(.)/g,
          (_all, start: string, letter: string) => start + (letter === 'A' ? 'B' : 'A'),
        ),
      place,
    ],
  ])('does not open %s', (_what, change, at) => {
    expect(unseal(change(seal(SECRET, place, ABOUT)), at)).toBeNull();
  });
});
