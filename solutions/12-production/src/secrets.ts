import type { Request } from 'express';

/** Shorter texts stand everywhere by chance: taking them out would spoil the line and hide nothing. */
const SHORTEST = 4;

/**
 * What no line may hold, of this request: its credentials, its query and every text of its body. An error that somebody
 * else throws may quote them: a mail server that refuses a letter likes to repeat it.
 */
export function secretsOf(request: Request): string[] {
  const { authorization = '', cookie = '' } = request.headers;
  const query = request.originalUrl.split('?').slice(1).join('?');
  return [
    ...[authorization, cookie, query].flatMap((text) => [text, ...text.split(/[ ;=&,]+/)]),
    ...textsIn(request.query),
    ...textsIn(request.body),
  ];
}

/** The text, with each of the secrets blotted out. */
export function without(text: string, secrets: readonly string[]): string {
  return (
    secrets
      .filter((secret) => secret.length >= SHORTEST)
      // The longest first: a part of it that goes first would leave the rest behind.
      .toSorted((a, b) => b.length - a.length)
      .reduce((clean, secret) => clean.replaceAll(secret, '[removed]'), text)
  );
}

/** All texts in a value that came from outside, at any depth. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
