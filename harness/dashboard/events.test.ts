import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { Events } from './events.ts';

/** What a page would read. */
function listener() {
  const sent: string[] = [];
  const emitter = new EventEmitter();
  const response = Object.assign(emitter, {
    status: () => response,
    set: () => response,
    flushHeaders: () => {},
    write: (text: string) => void sent.push(text),
    end: (text?: string) => {
      if (text !== undefined) sent.push(text);
      emitter.emit('close');
    },
  });
  return { response: response as unknown as Response, sent, leave: () => emitter.emit('close') };
}

function setUp(): Events {
  const events = new Events();
  onTestFinished(() => events.close());
  return events;
}

test('a page hears of its own topic alone; a line feed in the data does not end the event', () => {
  const events = setUp();
  const [a, b] = [listener(), listener()];
  events.add(a.response, '01-a', () => {});
  events.add(b.response, 'map', () => {});
  events.send('01-a', 'panel', { html: 'one\ntwo\n\ndata: three' });
  expect(a.sent).toEqual(['event: panel\ndata: {"html":"one\\ntwo\\n\\ndata: three"}\n\n']);
  expect(b.sent).toEqual([]);
  expect([events.has('map'), events.has('02-b')]).toEqual([true, false]);
});

test('a page that is left hears nothing, and that it left is said once', () => {
  const events = setUp();
  const page = listener();
  let left = 0;
  events.add(page.response, 'map', () => left++);
  page.leave();
  page.leave();
  events.send('map', 'map', {});
  expect([left, page.sent]).toEqual([1, []]);
});

test('browsers allow six connections: the fifth page sends the first to rest', () => {
  const events = setUp();
  const pages = Array.from({ length: 5 }, listener);
  const left: number[] = [];
  for (const [index, { response }] of pages.entries()) events.add(response, 'map', () => left.push(index));
  expect(left).toEqual([0]);
  expect(pages[0]?.sent).toEqual(['event: rest\ndata: null\n\n']);
  events.send('map', 'map', {});
  expect(pages.map(({ sent }) => sent.length)).toEqual([1, 1, 1, 1, 1]);
});
