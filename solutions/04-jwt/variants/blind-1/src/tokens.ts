import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign as signWithKey,
  timingSafeEqual,
  verify as verifyWithKey,
  type KeyObject,
} from 'node:crypto';
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

const MIN_SECRET_BYTES = 32;
const MIN_RSA_BITS = 2048;

/** Makes a token: header.payload.signature, each part in base64url. */
export function sign(payload: Claims, key: string, options: SignOptions): string {
  if (!Number.isFinite(options.expiresInSec)) throw new TypeError('expiresInSec must be a number');
  const iat = Math.floor(options.clock.now() / 1000);
  const claims: Claims = { ...payload, iat, exp: iat + Math.floor(options.expiresInSec) };
  if (options.issuer !== undefined) claims.iss = options.issuer;
  if (options.audience !== undefined) claims.aud = options.audience;

  const signingInput = `${encodeJson({ alg: options.algorithm, typ: 'JWT' })}.${encodeJson(claims)}`;
  return `${signingInput}.${makeSignature(signingInput, key, options.algorithm).toString('base64url')}`;
}

/** Says whether a token can be trusted, and what is in it. */
export function verify(token: string, key: string, options: VerifyOptions): Verified {
  try {
    return check(token, key, options);
  } catch {
    // A key that cannot be read, JSON that is too deep: nothing of it makes a token good.
    return refuse('the token or the key cannot be read');
  }
}

function check(token: unknown, key: string, options: VerifyOptions): Verified {
  if (typeof token !== 'string') return refuse('the token is not a string');
  const parts = token.split('.', 4);
  if (parts.length !== 3) return refuse('the token does not have three parts');
  const [headerPart, payloadPart, signaturePart] = parts as [string, string, string];

  const headerBytes = decodeBase64url(headerPart);
  const payloadBytes = decodeBase64url(payloadPart);
  const signature = decodeBase64url(signaturePart);
  if (!headerBytes || !payloadBytes || !signature) return refuse('a part is not base64url');

  const header = parseObject(headerBytes);
  if (!header) return refuse('the header is not a JSON object');
  if (header.alg !== options.algorithm) return refuse('the header names another algorithm');
  // RFC 7515 §4.1.11: an extension that must be understood and is not.
  if (header.crit !== undefined) return refuse('the header asks for an extension');

  if (!signatureFits(`${headerPart}.${payloadPart}`, signature, key, options.algorithm)) {
    return refuse('the signature does not fit');
  }

  const payload = parseObject(payloadBytes);
  if (!payload) return refuse('the payload is not a JSON object');
  const complaint = checkTime(payload, options) ?? checkParties(payload, options);
  return complaint ? refuse(complaint) : { ok: true, payload };
}

function checkTime(payload: Claims, { clock, leewaySec = 0 }: VerifyOptions): string | undefined {
  const now = clock.now();
  const { exp, nbf } = payload;
  if (!isNumber(exp)) return 'no number in exp';
  // Written so that a NaN anywhere refuses.
  if (!(now < (exp + leewaySec) * 1000)) return 'the token has expired';
  if (nbf === undefined) return undefined;
  if (!isNumber(nbf)) return 'no number in nbf';
  if (!(now >= (nbf - leewaySec) * 1000)) return 'the token is not valid yet';
  return undefined;
}

function checkParties(payload: Claims, { issuer, audience }: VerifyOptions): string | undefined {
  if (issuer !== undefined && payload.iss !== issuer) return 'wrong issuer';
  if (audience === undefined) return undefined;
  const { aud } = payload;
  const named = Array.isArray(aud) ? aud.includes(audience) : aud === audience;
  return named ? undefined : 'wrong audience';
}

// --- signatures ---

function makeSignature(input: string, key: string, algorithm: Algorithm): Buffer {
  switch (algorithm) {
    case 'HS256':
      return hmac(input, key);
    case 'RS256':
      return signWithKey('sha256', Buffer.from(input), rsaKey(createPrivateKey(key)));
    default:
      throw new TypeError('unknown algorithm');
  }
}

function signatureFits(input: string, signature: Buffer, key: string, algorithm: Algorithm): boolean {
  switch (algorithm) {
    case 'HS256': {
      const expected = hmac(input, key);
      return expected.length === signature.length && timingSafeEqual(expected, signature);
    }
    case 'RS256':
      return verifyWithKey('sha256', Buffer.from(input), rsaKey(createPublicKey(key)), signature);
    default:
      return false;
  }
}

function hmac(input: string, secret: string): Buffer {
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.length < MIN_SECRET_BYTES) throw new Error(`the secret has fewer than ${MIN_SECRET_BYTES} bytes`);
  return createHmac('sha256', bytes).update(input).digest();
}

function rsaKey(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key');
  if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS) throw new Error('the RSA key is too short');
  return key;
}

// --- encoding ---

function encodeJson(value: unknown): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

/** Buffer skips what it does not know, so the way back has to give the same text. */
function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.length > 0 && bytes.toString('base64url') === text ? bytes : undefined;
}

function parseObject(bytes: Buffer): Claims | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

function refuse(reason: string): Verified {
  return { ok: false, reason };
}
