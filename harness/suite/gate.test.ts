import { expect, test, vi } from 'vitest';
import type { Exchange } from '../verdict/verdict.ts';
import { Dismissed, Gate } from './gate.ts';
import type { Stop } from './link.ts';
import { playMain } from './testing/line.ts';

const HERE = { part: 'api', host: 1, port: 4711 };

const exchangeOf = (target: string): Exchange => ({
  method: 'GET',
  target,
  headers: [],
  body: null,
  raw: null,
});

function gateOf(stop: Stop | null): Gate {
  return new Gate({ rule: 'R1', patience: 2_000, stop, step: () => 'a step' });
}

const leave = (gate: Gate, exchange: Exchange): Promise<never> | null =>
  gate.depart(HERE, { exchange, body: null });

test('requests are numbered as they leave, and a raw connection counts as one, with all its pieces', () => {
  const gate = gateOf(null);
  const [first, raw, last] = [exchangeOf('/1'), exchangeOf('/2'), exchangeOf('/3')];
  expect(leave(gate, first)).toBeNull();
  const passage = gate.passage(HERE);
  expect(passage.depart(Buffer.from('a'), exchangeOf('/2'))).toBeNull();
  expect(leave(gate, last)).toBeNull();
  expect(passage.depart(Buffer.from('b'), exchangeOf('/2'))).toBeNull();
  passage.names(raw);
  expect(gate.requestOf(first)).toEqual({ number: 0, pieces: [] });
  expect(gate.requestOf(raw)).toEqual({ number: 1, pieces: [Buffer.from('a'), Buffer.from('b')] });
  expect(gate.requestOf(last)?.number).toBe(2);
  expect(gate.lastRequest()?.number).toBe(2);
  expect(gate.requestOf(exchangeOf('/never'))).toBeNull();
  expect(gate.requestOf(null)).toBeNull();
});

test('before anything has left there is no last request', () => {
  expect(gateOf(null).lastRequest()).toBeNull();
});

test('of a message that is too long nothing is kept, rather than a half', () => {
  const gate = gateOf(null);
  const passage = gate.passage(HERE);
  expect(passage.depart(Buffer.alloc(200_000), exchangeOf('/'))).toBeNull();
  expect(passage.depart(Buffer.alloc(200_000), exchangeOf('/'))).toBeNull();
  expect(gate.lastRequest()).toEqual({ number: 0, pieces: [] });
});

test('a request that stands is told with its bytes, once those before have arrived, and hears of the end', async () => {
  const asked = playMain(() => ({ kind: 'noted' }));
  const gate = gateOf({ rule: 'R1', before: 1 });
  const [before, failing, beside] = [exchangeOf('/1'), exchangeOf('/2'), exchangeOf('/3')];
  expect(leave(gate, before)).toBeNull();
  const body = Buffer.from([0, 255]);
  const held = gate.depart(HERE, { exchange: failing, body });
  const besideHeld = leave(gate, beside);
  expect([held, besideHeld]).not.toContain(null);
  expect(asked).toEqual([]);
  gate.arrived(before);
  await expect(held).rejects.toThrow(Dismissed);
  await expect(besideHeld).rejects.toThrow(Dismissed);
  expect(asked).toEqual([
    {
      op: 'stand',
      at: {
        rule: 'R1',
        step: 'a step',
        sent: 1,
        place: HERE,
        exchange: failing,
        body: new Uint8Array(body),
        piece: null,
      },
    },
  ]);
});

test('a raw connection stands at its first bytes, and so do its later ones', async () => {
  const asked = playMain(() => ({ kind: 'noted' }));
  const passage = gateOf({ rule: 'R1', before: 0 }).passage(HERE);
  const held = passage.depart(Buffer.from('GET'), exchangeOf('/'));
  const later = passage.depart(Buffer.from(' /'), exchangeOf('/'));
  await expect(held).rejects.toThrow(Dismissed);
  await expect(later).rejects.toThrow(Dismissed);
  expect(asked).toMatchObject([{ op: 'stand', at: { sent: 0, piece: new Uint8Array(Buffer.from('GET')) } }]);
});

test('a rule that is replayed whole stands at its end; another rule never does', async () => {
  const asked = playMain(() => ({ kind: 'noted' }));
  const gate = gateOf({ rule: 'R1', before: null });
  expect(leave(gate, exchangeOf('/'))).toBeNull();
  gate.arrived(exchangeOf('/'));
  const other = gateOf({ rule: 'R2', before: 0 });
  expect(leave(other, exchangeOf('/'))).toBeNull();
  await other.end();
  expect(asked).toEqual([]);
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const end = gate.end().catch((error: unknown) => error);
  // The answer never came: it is waited for no longer than an answer is.
  await vi.advanceTimersByTimeAsync(2_000);
  vi.useRealTimers();
  expect(await end).toBeInstanceOf(Dismissed);
  expect(asked).toMatchObject([{ at: { rule: 'R1', sent: 1, exchange: null } }]);
});
