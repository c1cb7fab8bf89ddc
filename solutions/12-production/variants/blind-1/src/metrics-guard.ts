import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Knows who may read the metrics. The comparison takes the same time for every token. */
export class MetricsGuard {
  readonly #expected: Buffer;

  constructor(token: string) {
    this.#expected = digest(token);
  }

  admits(authorization: string | undefined): boolean {
    const token = /^Bearer +(.*)$/is.exec(authorization ?? '')?.[1];
    return token !== undefined && timingSafeEqual(digest(token), this.#expected);
  }
}
