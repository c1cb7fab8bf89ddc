import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { expect, test } from 'vitest';
import { Output } from './output.ts';

const LIMIT = 64 * 1024;

test('keeps exactly the limit without a word, and says so from one byte more', () => {
  const output = new Output();
  output.add(Buffer.alloc(LIMIT, 'x'));
  expect([output.text.length, output.truncated]).toEqual([LIMIT, false]);
  output.add(Buffer.alloc(0));
  expect(output.truncated).toBe(false);
  output.add(Buffer.from('y'));
  expect([output.text.length, output.truncated]).toEqual([LIMIT, true]);
});

test('counts both streams together and reads on when it is full', async () => {
  const output = new Output();
  const [one, two] = [new PassThrough(), new PassThrough()];
  output.watch(one, two, null);
  for (const stream of [one, two]) for (let i = 0; i < 100; i++) stream.write(Buffer.alloc(1024, 'x'));
  one.end();
  two.end();
  await Promise.all([finished(one), finished(two)]);
  expect([output.text.length, output.truncated]).toEqual([LIMIT, true]);
});

test('survives a stream that breaks', () => {
  const output = new Output();
  const stream = new PassThrough();
  output.watch(stream);
  stream.destroy(new Error('EIO'));
  output.add(Buffer.from('after'));
  expect(output.text).toBe('after');
});

test('passes on what comes, also beyond the limit', () => {
  const output = new Output();
  const echo = new PassThrough();
  output.echo(echo);
  output.add(Buffer.alloc(LIMIT + 5, 'x'));
  expect((echo.read() as Buffer).length).toBe(LIMIT + 5);
});

test('puts a character together that came in two pieces', () => {
  const output = new Output();
  const bytes = Buffer.from('🦊');
  output.add(bytes.subarray(0, 2));
  output.add(bytes.subarray(2));
  expect(output.text).toBe('🦊');
});
