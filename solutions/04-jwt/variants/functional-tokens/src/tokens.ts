import * as crypto from 'node:crypto';

export type Clock = { now(): number };
export type Algorithm = 'HS256' | 'RS256';
export type Claims = Record<string, unknown>;
export type Place = { issuer?: string; audience?: string };
export type SignOptions = Place & { algorithm: Algorithm; expiresInSec: number; clock: Clock };
export type VerifyOptions = Place & { algorithm: Algorithm; clock: Clock; leewaySec?: number };
export type Verified = { ok: true; payload: Claims } | { ok: false; reason: string };

export const isStrong = (secret: string): boolean => Buffer.byteLength(secret) >= 32;

/** Makes a token. Throws when the secret is too weak. */
export function sign(payload: Claims, key: string, options: SignOptions): string {
  if (options.algorithm === 'HS256' && !isStrong(key)) throw new Error('the secret needs 32 bytes or more');
  const iat = Math.trunc(options.clock.now() / 1000);
  const claims = Object.assign({}, payload, { iat, exp: iat + options.expiresInSec });
  if (options.issuer !== undefined) Object.assign(claims, { iss: options.issuer });
  if (options.audience !== undefined) Object.assign(claims, { aud: options.audience });
  const text = `${toPart({ alg: options.algorithm, typ: 'JWT' })}.${toPart(claims)}`;
  const signature =
    options.algorithm === 'HS256'
      ? mac(text, key)
      : crypto.sign('RSA-SHA256', Buffer.from(text), key).toString('base64url');
  return `${text}.${signature}`;
}

/** Never throws: every question about a token is asked inside of `first`. */
export function verify(token: string, key: string, options: VerifyOptions): Verified {
  const parts = typeof token === 'string' ? token.split('.') : [];
  const [head = '', body = '', signature = ''] = parts;
  const header = fromPart(head);
  const payload = fromPart(body);
  const reason = first([
    () => parts.length !== 3 && 'not three parts',
    () => (header === null || payload === null) && 'no JSON objects in base64url',
    () => header?.['alg'] !== options.algorithm && 'another algorithm',
    () => !fits(`${head}.${body}`, signature, key, options.algorithm) && 'a signature that does not fit',
    () => timeReason(payload ?? {}, options.clock.now() / 1000, options.leewaySec ?? 0),
    () => placeReason(payload ?? {}, options),
  ]);
  return reason === null && payload !== null
    ? { ok: true, payload }
    : { ok: false, reason: reason ?? 'no payload' };
}

/** An HMAC over a text, in base64url. */
export const mac = (text: string, key: string): string =>
  crypto.createHmac('sha256', key).update(text).digest('base64url');

/** Compares texts in a time that does not depend on where they differ. */
export function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && crypto.timingSafeEqual(left, right);
}

/** The text of the signature is compared, so another spelling of the same bytes does not fit. */
function fits(text: string, signature: string, key: string, algorithm: Algorithm): boolean {
  if (algorithm === 'HS256') return isStrong(key) && sameText(mac(text, key), signature);
  const bytes = Buffer.from(signature, 'base64url');
  return (
    bytes.toString('base64url') === signature && crypto.verify('RSA-SHA256', Buffer.from(text), key, bytes)
  );
}

function timeReason({ exp, nbf }: Claims, now: number, leeway: number): string | false {
  if (typeof exp !== 'number') return 'no exp';
  if (now - leeway >= exp) return 'expired';
  if (nbf === undefined) return false;
  return !(typeof nbf === 'number' && now + leeway >= nbf) && 'too early';
}

function placeReason({ iss, aud }: Claims, { issuer, audience }: Place): string | false {
  if (issuer !== undefined && iss !== issuer) return 'another issuer';
  return audience !== undefined && ![aud].flat().includes(audience) && 'another audience';
}

/** The first reason, or null. A question that throws is a reason too. */
function first(questions: readonly (() => string | false)[]): string | null {
  for (const question of questions) {
    try {
      const reason = question();
      if (reason !== false) return reason;
    } catch {
      return 'the key does not fit the algorithm';
    }
  }
  return null;
}

const toPart = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function fromPart(part: string): Claims | null {
  if (!/^[\w-]+$/.test(part)) return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return value instanceof Object && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}
