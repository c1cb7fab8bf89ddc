import type { Response } from 'express';

/** Browsers allow six connections to one host. A seventh page would wait for ever for its first byte. */
const MOST = 4;

/** Something is sent this often, so that neither side takes the other for gone. In milliseconds. */
const BEAT = 25_000;

type Listener = { response: Response; topic: string; leave: () => void };

/**
 * The pages that listen, each to one topic: the id of an exercise, or `map`. Server-sent events as in the HTML standard
 * §9.2; the browser connects again by itself.
 */
export class Events {
  private readonly listeners: Listener[] = [];
  private readonly beat: NodeJS.Timeout;

  constructor() {
    this.beat = setInterval(() => {
      for (const { response } of this.listeners) response.write(': still here\n\n');
    }, BEAT).unref();
  }

  /** Answers with a stream. `onLeave` runs once, when the page is gone or had to make room for a newer one. */
  add(response: Response, topic: string, onLeave: () => void): void {
    response
      .status(200)
      .set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
    response.flushHeaders();
    const listener: Listener = {
      response,
      topic,
      leave: () => {
        const index = this.listeners.indexOf(listener);
        if (index === -1) return;
        this.listeners.splice(index, 1);
        onLeave();
      },
    };
    response.once('close', listener.leave);
    this.listeners.push(listener);
    while (this.listeners.length > MOST) {
      const oldest = this.listeners[0];
      if (oldest === undefined) break;
      // It connects again when somebody looks at it.
      oldest.response.end(message('rest', null));
      oldest.leave();
    }
  }

  /** Tells all pages of a topic. */
  send(topic: string, event: string, data: unknown): void {
    for (const listener of this.listeners) {
      if (listener.topic === topic) listener.response.write(message(event, data));
    }
  }

  /** Tells one page. */
  sendTo(response: Response, event: string, data: unknown): void {
    response.write(message(event, data));
  }

  /** Whether any page listens to a topic. */
  has(topic: string): boolean {
    return this.listeners.some((listener) => listener.topic === topic);
  }

  close(): void {
    clearInterval(this.beat);
    for (const { response } of this.listeners.slice()) response.end();
  }
}

/** JSON has no line feeds of its own, so one `data:` line holds all of it. */
function message(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
