import { createHmac, createPrivateKey, createPublicKey, createSign, createVerify, timingSafeEqual } from 'node:crypto';
import { Buffer } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** What `sign` and `verify` need to know of the time, in milliseconds since 1970. */
export type Clock = { now(): number };

export type Algorithm = 'HS256' | 'RS256';

export type SignOptions = {
  algorithm: Algorithm;
  expiresInSec: number;
  clock: Clock;
  issuer?: string;
  audience?: string;
};

export type VerifyOptions = {
  algorithm: Algorithm;
  clock: Clock;
  issuer?: string;
  audience?: string;
  /** By how many seconds clocks may differ. */
  leewaySec?: number;
};

export type Claims = Record<string, unknown>;

export type Verified = { ok: true; payload: Claims } | { ok: false; reason: string };

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

function decode(part: string): Buffer {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) throw new Error('not base64url');
  const bytes = Buffer.from(part, 'base64url');
  // The same bytes have one spelling only.
  if (bytes.toString('base64url') !== part) throw new Error('not base64url');
  return bytes;
}

function decodeObject(part: string): Claims {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(decode(part));
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not a JSON object');
  return value as Claims;
}

function hmac(input: string, key: string): Buffer {
  const secret = Buffer.from(key, 'utf8');
  if (secret.length < 32) throw new Error('the key is too weak');
  return createHmac('sha256', secret).update(input).digest();
}

/** Makes a token: header.payload.signature, each part in base64url. */
export function sign(payload: Claims, key: string, options: SignOptions): string {
  const iat = Math.floor(options.clock.now() / 1000);
  const claims: Claims = { ...payload, iat, exp: Math.floor(iat + options.expiresInSec) };
  if (options.issuer !== undefined) claims.iss = options.issuer;
  if (options.audience !== undefined) claims.aud = options.audience;

  const input = encode({ alg: options.algorithm, typ: 'JWT' }) + '.' + encode(claims);
  if (options.algorithm === 'HS256') {
    return input + '.' + hmac(input, key).toString('base64url');
  }
  if (options.algorithm === 'RS256') {
    const signature = createSign('RSA-SHA256').update(input).sign(createPrivateKey(key));
    return input + '.' + signature.toString('base64url');
  }
  throw new Error('unknown algorithm');
}

/** Says whether a token can be trusted, and what is in it. */
export function verify(token: string, key: string, options: VerifyOptions): Verified {
  try {
    if (typeof token !== 'string') return { ok: false, reason: 'not a string' };
    const parts = token.split('.');
    if (parts.length !== 3) return { ok: false, reason: 'not three parts' };
    const [headerPart, payloadPart, signaturePart] = parts as [string, string, string];
    const header = decodeObject(headerPart);
    const payload = decodeObject(payloadPart);
    const signature = decode(signaturePart);

    if (header.alg !== options.algorithm) return { ok: false, reason: 'another algorithm' };
    if (header.crit !== undefined) return { ok: false, reason: 'crit is not understood' };

    const input = headerPart + '.' + payloadPart;
    let fits = false;
    if (options.algorithm === 'HS256') {
      const expected = hmac(input, key);
      fits = expected.length === signature.length && timingSafeEqual(expected, signature);
    } else if (options.algorithm === 'RS256') {
      fits = createVerify('RSA-SHA256').update(input).verify(createPublicKey(key), signature);
    }
    if (!fits) return { ok: false, reason: 'wrong signature' };

    const now = options.clock.now() / 1000;
    const leeway = options.leewaySec ?? 0;
    if (typeof payload.exp !== 'number' || !Number.isFinite(payload.exp)) return { ok: false, reason: 'no exp' };
    if (now >= payload.exp + leeway) return { ok: false, reason: 'expired' };
    if (payload.nbf !== undefined) {
      if (typeof payload.nbf !== 'number') return { ok: false, reason: 'nbf is not a number' };
      if (now < payload.nbf - leeway) return { ok: false, reason: 'not valid yet' };
    }

    if (options.issuer !== undefined && payload.iss !== options.issuer) return { ok: false, reason: 'wrong iss' };
    if (options.audience !== undefined) {
      const aud = payload.aud;
      const named = Array.isArray(aud) ? aud.includes(options.audience) : aud === options.audience;
      if (!named) return { ok: false, reason: 'wrong aud' };
    }
    return { ok: true, payload };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : 'broken token' };
  }
}
