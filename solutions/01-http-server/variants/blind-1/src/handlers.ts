import { BodyReader } from './BodyReader.ts';
import type { Exchange } from './Exchange.ts';
import type { FileStore, OpenFile } from './FileStore.ts';
import { HttpError } from './HttpError.ts';
import { RequestTarget } from './RequestTarget.ts';
import type { Handler } from './Router.ts';
import type { Clock } from './server.ts';

export class HealthHandler implements Handler {
  handle(exchange: Exchange): void {
    exchange.reply.json(200, { status: 'ok' });
  }
}

export class TimeHandler implements Handler {
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  handle(exchange: Exchange): void {
    exchange.reply.json(200, { now: new Date(this.clock.now()).toISOString() });
  }
}

export class HelloHandler implements Handler {
  handle(exchange: Exchange): void {
    exchange.reply.text(200, `Hello, ${exchange.target.parameter('name') || 'World'}!`);
  }
}

export class SlowHandler implements Handler {
  private static readonly WAIT_MS = 300;
  private readonly clock: Clock;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  handle(exchange: Exchange): void {
    this.clock.sleep(SlowHandler.WAIT_MS).then(
      () => exchange.guard(() => exchange.reply.text(200, 'Finally.')),
      (error: unknown) => exchange.reply.fail(error),
    );
  }
}

export class BoomHandler implements Handler {
  handle(): void {
    throw new Error('the inside is on fire');
  }
}

export class EchoHandler implements Handler {
  private static readonly LIMIT = 65_536;

  handle(exchange: Exchange): void {
    this.requireJson(exchange.request.headers['content-type']);
    new BodyReader(exchange.request, EchoHandler.LIMIT, {
      onBody: (bytes) => exchange.guard(() => exchange.reply.jsonText(200, this.checkedJson(bytes))),
      onTooLarge: () => exchange.reply.fail(new HttpError(413, 'Body too large')),
    }).start();
  }

  private requireJson(contentType: string | undefined): void {
    const mediaType = (contentType ?? '').split(';', 1)[0].trim().toLowerCase();
    if (mediaType !== 'application/json') {
      throw new HttpError(415, 'Send application/json');
    }
  }

  /** The text itself goes back: the same value, and no depth that JSON.stringify could not write. */
  private checkedJson(bytes: Buffer): string {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
      JSON.parse(text);
      return text;
    } catch {
      throw new HttpError(400, 'The body is not JSON');
    }
  }
}

export class FileHandler implements Handler {
  static readonly PREFIX = '/files/';
  private readonly store: FileStore;

  constructor(store: FileStore) {
    this.store = store;
  }

  handle(exchange: Exchange): void {
    const name = RequestTarget.percentDecode(exchange.target.path.slice(FileHandler.PREFIX.length));
    this.store.open(name, (error, file) => {
      if (error || file === undefined) {
        exchange.reply.fail(error);
      } else {
        exchange.guard(() => this.send(exchange, file));
      }
    });
  }

  private send(exchange: Exchange, file: OpenFile): void {
    const response = exchange.reply.head(200, 'application/octet-stream', file.size);
    if (exchange.isHead() || file.size === 0 || response.destroyed) {
      file.close();
      response.end();
      return;
    }
    const stream = file.stream();
    response.on('close', () => stream.destroy());
    stream.on('error', (error) => exchange.reply.fail(error));
    stream.on('end', () => {
      if (stream.bytesRead === file.size) {
        response.end();
      } else {
        response.destroy(); // The file shrank: a short body must not look like a whole one.
      }
    });
    stream.pipe(response, { end: false });
  }
}
