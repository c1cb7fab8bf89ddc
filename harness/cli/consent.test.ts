import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { askConsent } from './consent.ts';
import { processContext } from './context.ts';
import type { ProcessParts } from './context.ts';

/** A terminal with somebody in front of it, or nobody. */
function terminal(parts: { stdin: boolean; stderr: boolean; env?: Record<string, string> }) {
  const input = new PassThrough();
  const printed: string[] = [];
  const stdin = Object.assign(input, { isTTY: parts.stdin }) as unknown as NodeJS.ReadStream;
  const stderr = { write: (text: string) => void printed.push(text), isTTY: parts.stderr };
  const process: ProcessParts = { env: parts.env ?? {}, platform: 'linux', stdout: stderr, stderr, stdin };
  return { terminal: processContext('/workbook', process).terminal, input, printed };
}

describe('a question', () => {
  test.each([
    ['yes\n', 'given'],
    ['no\n', 'refused'],
    ['\n', 'refused'],
  ])('answered with %j is %s', async (answer, consent) => {
    const { terminal: screen, input, printed } = terminal({ stdin: true, stderr: true });
    input.write(answer);
    expect(await askConsent(screen, 'Go on?')).toBe(consent);
    expect(printed.join('')).toBe('Go on? Type yes, or anything else to leave it: ');
  });

  test('that gets no answer any more is a no', async () => {
    const { terminal: screen, input } = terminal({ stdin: true, stderr: true });
    input.end();
    expect(await askConsent(screen, 'Go on?')).toBe('refused');
  });

  test.each([
    ['an input from a pipe', { stdin: false, stderr: true }],
    ['a question that goes to a file', { stdin: true, stderr: false }],
    ['CI', { stdin: true, stderr: true, env: { CI: 'true' } }],
  ])('is not asked with %s', async (_name, parts) => {
    const { terminal: screen, printed } = terminal(parts);
    expect(await askConsent(screen, 'Go on?')).toBe('silent');
    expect(printed).toEqual([]);
  });
});
