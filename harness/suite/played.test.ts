import { describe, expect, test } from 'vitest';
import { decode, encode, Opaque } from '../message/plain.ts';
import { HostLine } from './host-line.ts';
import type { SuiteRequest } from './link.ts';
import { Played, PlayedFailure } from './played.ts';
import { playMain } from './testing/line.ts';

const line = new HostLine({ part: 'main', host: 1 }, 1);

function called(call: number, args: unknown[]) {
  return { event: 'called' as const, name: 'mail', call, args: encode(args) };
}

/** What went back to the host, as `[call, value or error]`. */
function answersIn(asked: readonly SuiteRequest[]): unknown[] {
  return asked.map((request) => {
    if (request.op !== 'answer') throw new Error(`asked for ${request.op}`);
    const { call, outcome } = request;
    if (outcome.kind === 'error') {
      const { kind: _, ...error } = outcome;
      return [call, error];
    }
    const decoded = decode(outcome.value);
    return [call, decoded.ok ? decoded.value : decoded.why];
  });
}

describe('a played function', () => {
  test('records its calls and answers undefined, until it is told what', async () => {
    const asked = playMain(() => ({ kind: 'noted' }));
    const mail = new Played('mail');
    await mail.called(line, called(1, ['a', { b: undefined }]));
    mail.answers(([to]) => ({ sent: to, at: new Date(5) }));
    await mail.called(line, called(2, ['ada']));
    expect(mail.calls).toEqual([['a', { b: undefined }], ['ada']]);
    expect(answersIn(asked)).toEqual([
      [1, undefined],
      [2, { sent: 'ada', at: new Date(5) }],
    ]);
  });

  test('rejects, for good or for one call', async () => {
    const asked = playMain(() => ({ kind: 'noted' }));
    const mail = new Played('mail').fails('mailbox full', { name: 'MailError', code: 'E_FULL' });
    await mail.called(line, called(1, []));
    mail.answers(() => new PlayedFailure('no'));
    await mail.called(line, called(2, []));
    mail.fails('gone', { fields: { status: 404 } });
    await mail.called(line, called(3, []));
    expect(answersIn(asked)).toEqual([
      [1, { name: 'MailError', message: 'mailbox full', code: 'E_FULL', fields: {} }],
      [2, { name: 'Error', message: 'no', code: null, fields: {} }],
      [3, { name: 'Error', message: 'gone', code: null, fields: { status: 404 } }],
    ]);
  });

  test('holds its calls, and answers them in order once it is released', async () => {
    const asked = playMain(() => ({ kind: 'noted' }));
    const load = new Played('load').answers(([n]) => n).hold();
    for (const n of [1, 2, 3]) await load.called(line, called(n, [n]));
    expect([load.waiting, load.calls.length, asked.length]).toEqual([3, 3, 0]);
    await load.release();
    await load.called(line, called(4, [4]));
    expect(load.waiting).toBe(0);
    expect(answersIn(asked)).toEqual([1, 2, 3, 4].map((n) => [n, n]));
  });

  test('sees functions and dependencies of the program as data', async () => {
    playMain(() => ({ kind: 'noted' }));
    const mail = new Played('mail');
    await mail.called(line, called(1, [() => 1]));
    await mail.called(line, { ...called(2, []), args: '[{"$":"dependency","v":["folder",{}]}]' });
    await mail.called(line, { ...called(3, []), args: '{' });
    await mail.called(line, { ...called(4, []), args: '"no list"' });
    expect(mail.calls).toEqual([[new Opaque('function', '')], [], [], []]);
  });

  // A program may call a mailer with anything; a suite's function that trips over it is no failure of the harness.
  test('rejects a call over which its answer trips', async () => {
    const asked = playMain(() => ({ kind: 'noted' }));
    const mail = new Played('mail').answers(([letter]) => (letter as { to: string }).to.toUpperCase());
    await expect(mail.called(line, called(1, []))).resolves.toBeUndefined();
    expect(answersIn(asked)).toEqual([
      [1, { name: 'Error', message: expect.any(String) as string, code: null }],
    ]);
  });
});
