import { createHmac, createSign, createVerify, timingSafeEqual } from 'node:crypto';

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

/** One way to sign and to check a signature. A token never chooses it: the caller's options do. */
type Signer = {
  sign(text: string, key: string): Buffer;
  fits(text: string, signature: Buffer, key: string): boolean;
};

/** RFC 7518 §3.2: a key of at least the size of the hash. */
const MIN_SECRET_BYTES = 32;

const signers: Record<Algorithm, Signer> = {
  HS256: {
    sign: (text, key) => createHmac('sha256', strong(key)).update(text).digest(),
    fits(text, signature, key) {
      const expected = this.sign(text, key);
      // timingSafeEqual throws on different lengths; a length is no secret.
      return signature.length === expected.length && timingSafeEqual(signature, expected);
    },
  },
  RS256: {
    sign: (text, key) => createSign('RSA-SHA256').update(text).sign(key),
    fits: (text, signature, key) => createVerify('RSA-SHA256').update(text).verify(key, signature),
  },
};

/**
 * Makes a token: header.payload.signature. Throws a RangeError for a secret that is too short. The claims of time and
 * place come last, so that no payload can overrule them.
 */
export function sign(payload: Claims, key: string, options: SignOptions): string {
  const { algorithm, expiresInSec, clock, issuer, audience } = options;
  const iat = Math.floor(clock.now() / 1000);
  const claims = {
    ...payload,
    iat,
    exp: iat + expiresInSec,
    ...(issuer === undefined ? {} : { iss: issuer }),
    ...(audience === undefined ? {} : { aud: audience }),
  };
  const text = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${signers[algorithm].sign(text, key).toString('base64url')}`;
}

/**
 * Says whether a token can be trusted. The order matters: the algorithm is ours, the signature comes before the claims,
 * and nothing of the token is believed until it fits.
 */
export function verify(token: string, key: string, options: VerifyOptions): Verified {
  const parts = split(token);
  if (parts === null) return refused('malformed');
  const header = decode(parts.header);
  if (header === null) return refused('malformed');
  if (header.alg !== options.algorithm) return refused('algorithm');
  if (!signatureFits(parts, key, options.algorithm)) return refused('signature');
  const payload = decode(parts.payload);
  if (payload === null) return refused('malformed');
  const problem = timeProblem(payload, options) ?? placeProblem(payload, options);
  return problem === null ? { ok: true, payload } : refused(problem);
}

type Parts = { header: string; payload: string; signature: Buffer; signed: string };

/** Buffer.from skips what is no base64url; this does not, or one token would have many spellings. */
function split(token: unknown): Parts | null {
  const match = typeof token === 'string' ? /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token) : null;
  const [, header, payload, signature] = match ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return null;
  const bytes = Buffer.from(signature, 'base64url');
  // The last letter of a part has spare bits: only the canonical spelling may pass.
  if (bytes.toString('base64url') !== signature) return null;
  return { header, payload, signature: bytes, signed: `${header}.${payload}` };
}

function signatureFits({ signed, signature }: Parts, key: string, algorithm: Algorithm): boolean {
  try {
    return signers[algorithm].fits(signed, signature, key);
  } catch {
    return false; // a key of the wrong kind, or one that is too weak
  }
}

function timeProblem({ exp, nbf }: Claims, { clock, leewaySec = 0 }: VerifyOptions): string | null {
  const now = clock.now() / 1000;
  if (typeof exp !== 'number') return 'no exp';
  if (now >= exp + leewaySec) return 'expired';
  if (nbf !== undefined && !(typeof nbf === 'number' && now >= nbf - leewaySec)) return 'not valid yet';
  return null;
}

function placeProblem({ iss, aud }: Claims, { issuer, audience }: VerifyOptions): string | null {
  if (issuer !== undefined && iss !== issuer) return 'issuer';
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  return audience !== undefined && !audiences.includes(audience) ? 'audience' : null;
}

function strong(secret: string): Buffer {
  const bytes = Buffer.from(secret, 'utf8');
  if (bytes.length < MIN_SECRET_BYTES)
    throw new RangeError(`a secret needs at least ${MIN_SECRET_BYTES} bytes`);
  return bytes;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
}

/** The JSON object in a part, or null. */
function decode(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

function refused(reason: string): Verified {
  return { ok: false, reason };
}
