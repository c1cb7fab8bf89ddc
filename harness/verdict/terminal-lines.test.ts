import { describe, expect, test } from 'vitest';
import { sampleVerdict } from './sample.ts';
import { plain, stubVerdict, wrongLength } from './sample-terminal.ts';
import { renderVerdict, type RenderOptions } from './terminal.ts';
import type { Verdict, VerdictError } from './verdict.ts';

describe('files of another folder', () => {
  const error: VerdictError = { kind: 'load', message: 'boom', frames: [] };

  test.each<[string, Verdict, Partial<RenderOptions>, string]>([
    [
      'the task',
      stubVerdict,
      { firstTry: true },
      'check     npm run check -- 01-http-server --from ../mine\n',
    ],
    [
      'one rule',
      sampleVerdict({ R5: wrongLength }),
      { only: 'R5' },
      'all rules: npm run check -- 01-http-server --from ../mine\n',
    ],
    [
      'an error',
      sampleVerdict({}, { status: 'error', error }),
      { only: 'R5' },
      'next: npm run check -- 01-http-server R5 --from ../mine\n',
    ],
  ])('are named again in what to do next: %s', (_name, verdict, options, line) => {
    expect(renderVerdict(verdict, { ...plain, ...options, folder: '../mine' })).toContain(line);
  });

  test('are quoted where a shell would take the path apart', () => {
    const text = renderVerdict(sampleVerdict(), { ...plain, only: 'R5', folder: 'my files' });
    expect(text).toContain('--from "my files"\n');
  });
});

describe('the line that replays a failed rule', () => {
  const line = 'npm run serve 01-http-server R5';

  test('stands where a request failed', () => {
    expect(renderVerdict(sampleVerdict({ R5: wrongLength }), plain)).toContain(`replay    ${line}\n`);
  });

  test('is left out where no request failed, and where the files are of another folder', () => {
    const without = sampleVerdict({ R5: { ...wrongLength, exchange: null } });
    expect(renderVerdict(without, plain)).not.toContain('npm run serve');
    const elsewhere = renderVerdict(sampleVerdict({ R5: wrongLength }), { ...plain, folder: '../mine' });
    expect(elsewhere).not.toContain('npm run serve');
  });
});

test('a rule that does not exist is said, with those that do', () => {
  const text = renderVerdict(sampleVerdict(), { ...plain, only: 'R99' });
  expect(text).toContain('There is no rule R99 here. The rules are R1, R2,');
});
