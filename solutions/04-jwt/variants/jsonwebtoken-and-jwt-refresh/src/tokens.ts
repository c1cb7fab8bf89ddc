import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  sign as signBytes,
  timingSafeEqual,
  verify as verifyBytes,
} from 'node:crypto';
import { TextDecoder } from 'node:util';

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
  leewaySec?: number;
};

export type Claims = Record<string, unknown>;

export type Verified = { ok: true; payload: Claims } | { ok: false; reason: string };

/** Inside of this file a refusal is thrown; `verify` turns it into an answer. */
class Refusal extends Error {}

interface Scheme {
  signatureOf(text: Buffer): Buffer;
  check(text: Buffer, signature: Buffer): boolean;
}

class Hs256 implements Scheme {
  private readonly secret: Buffer;

  constructor(key: string) {
    this.secret = Buffer.from(key, 'utf8');
    if (this.secret.byteLength < 32) throw new Refusal('the secret is shorter than 32 bytes');
  }

  signatureOf(text: Buffer): Buffer {
    return createHmac('sha256', this.secret).update(text).digest();
  }

  check(text: Buffer, signature: Buffer): boolean {
    const right = this.signatureOf(text);
    return right.byteLength === signature.byteLength && timingSafeEqual(right, signature);
  }
}

class Rs256 implements Scheme {
  private readonly pem: string;

  constructor(key: string) {
    this.pem = key;
  }

  signatureOf(text: Buffer): Buffer {
    const key = createPrivateKey(this.pem);
    return signBytes('sha256', text, { key, padding: constants.RSA_PKCS1_PADDING });
  }

  check(text: Buffer, signature: Buffer): boolean {
    const key = createPublicKey(this.pem);
    return verifyBytes('sha256', text, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  }
}

function schemeFor(algorithm: Algorithm, key: string): Scheme {
  return algorithm === 'HS256' ? new Hs256(key) : new Rs256(key);
}

/** Makes a token. Throws when the key is too weak. */
export function sign(payload: Claims, key: string, options: SignOptions): string {
  const scheme = schemeFor(options.algorithm, key);
  const claims = new Map(Object.entries(payload));
  const made = Math.floor(options.clock.now() / 1000);
  claims.set('iat', made);
  claims.set('exp', made + options.expiresInSec);
  if (options.issuer !== undefined) claims.set('iss', options.issuer);
  if (options.audience !== undefined) claims.set('aud', options.audience);
  const parts = [{ typ: 'JWT', alg: options.algorithm }, Object.fromEntries(claims)];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return [text, scheme.signatureOf(Buffer.from(text)).toString('base64url')].join('.');
}

/** Sends a token through all checks. Never throws. */
export function verify(token: string, key: string, options: VerifyOptions): Verified {
  try {
    const letter = Letter.open(token);
    for (const check of CHECKS) check(letter, key, options);
    return { ok: true, payload: letter.payload };
  } catch (error) {
    return { ok: false, reason: error instanceof Refusal ? error.message : 'the key does not work' };
  }
}

/** A token, taken apart and not yet believed. */
class Letter {
  readonly signed: Buffer;
  readonly header: Claims;
  readonly payload: Claims;
  readonly signature: Buffer;

  private constructor(signed: string, header: Claims, payload: Claims, signature: Buffer) {
    this.signed = Buffer.from(signed);
    this.header = header;
    this.payload = payload;
    this.signature = signature;
  }

  static open(token: unknown): Letter {
    if (typeof token !== 'string') throw new Refusal('not a text');
    const [header, payload, signature, ...rest] = token.split('.');
    if (header === undefined || payload === undefined || signature === undefined || rest.length > 0)
      throw new Refusal('not three parts');
    const objects = [header, payload].map((part) => objectIn(bytesOf(part))) as [Claims, Claims];
    return new Letter(`${header}.${payload}`, ...objects, bytesOf(signature));
  }
}

/** Encoding again must give the same text: Node's decoder skips letters that it does not know. */
function bytesOf(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (part === '' || bytes.toString('base64url') !== part) throw new Refusal('not base64url');
  return bytes;
}

function objectIn(bytes: Buffer): Claims {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new Refusal('not JSON');
  }
  if (Object.prototype.toString.call(value) !== '[object Object]') throw new Refusal('not a JSON object');
  return value as Claims;
}

type Check = (letter: Letter, key: string, options: VerifyOptions) => void;

const CHECKS: readonly Check[] = [
  ({ header }, _key, { algorithm }) => {
    if (header['alg'] !== algorithm) throw new Refusal('another algorithm');
  },
  ({ signed, signature }, key, { algorithm }) => {
    if (!schemeFor(algorithm, key).check(signed, signature)) throw new Refusal('the signature does not fit');
  },
  ({ payload: { exp } }, _key, { clock, leewaySec = 0 }) => {
    if (typeof exp !== 'number') throw new Refusal('no end');
    if (clock.now() >= (exp + leewaySec) * 1000) throw new Refusal('expired');
  },
  ({ payload: { nbf } }, _key, { clock, leewaySec = 0 }) => {
    if (nbf === undefined) return;
    if (typeof nbf !== 'number') throw new Refusal('nbf is no number');
    if (clock.now() < (nbf - leewaySec) * 1000) throw new Refusal('too early');
  },
  ({ payload: { iss } }, _key, { issuer }) => {
    if (issuer !== undefined && issuer !== iss) throw new Refusal('another issuer');
  },
  ({ payload: { aud } }, _key, { audience }) => {
    if (audience === undefined || aud === audience) return;
    if (!Array.isArray(aud) || !aud.some((each) => each === audience)) throw new Refusal('another audience');
  },
];
