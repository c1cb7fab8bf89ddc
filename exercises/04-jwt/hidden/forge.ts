// canary ae25e17d1c45f7419b8592f2
import { createHmac, createSign, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { clock, once } from '#suite';
import type { Trial } from '#suite';

/** One pair for the whole suite, made beside the first rules: it takes longer than most of them. */
export const keyPair = once('04 RSA', newPair);

/** The pair of an attacker. */
export const evilPair = once('04 RSA of an attacker', newPair);

function newPair(): Promise<{ publicKey: string; privateKey: string }> {
  return promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}

/** A secret of 40 characters. */
export function secretOf(t: Trial): string {
  return `${t.random.word(20)}${t.random.word(20)}`;
}

export function part(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

/** The seconds at which the clock stands when a rule begins. */
export function nowSec(t: Trial): number {
  return Math.floor(t.now / 1000);
}

/** A token of our own, signed HS256. `header` and `payload` may say anything. */
export function forge(
  payload: unknown,
  secret: string,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
): string {
  return sealed(`${part(header)}.${part(payload)}`, secret);
}

/** Two parts as they stand, and their HMAC. */
export function sealed(text: string, secret: string): string {
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

/** The same, signed RS256. */
export function forgeRsa(
  payload: unknown,
  privateKey: string,
  header: unknown = { alg: 'RS256', typ: 'JWT' },
): string {
  const text = `${part(header)}.${part(payload)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
}

export function hs256(more: Record<string, unknown> = {}): Record<string, unknown> {
  return { algorithm: 'HS256', clock: clock(), ...more };
}

/** The payload of a token, or undefined. */
export function payloadOf(token: unknown): Record<string, unknown> | undefined {
  return jsonOf(token, 1);
}

export function headerOf(token: unknown): Record<string, unknown> | undefined {
  return jsonOf(token, 0);
}

function jsonOf(token: unknown, index: number): Record<string, unknown> | undefined {
  try {
    const text = Buffer.from(String(token).split('.')[index] ?? '', 'base64url').toString('utf8');
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
