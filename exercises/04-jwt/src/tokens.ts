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

/** Makes a token: header.payload.signature, each part in base64url. */
export function sign(payload: Claims, key: string, options: SignOptions): string {
  // TODO R1: header and payload as JSON, then base64url, then the HMAC over both.
  // TODO R11: RS256 signs with a private key.
  // TODO R15: refuse a secret that is too short.
  return '';
}

/** Says whether a token can be trusted, and what is in it. */
export function verify(token: string, key: string, options: VerifyOptions): Verified {
  // TODO R2: the signature, and the algorithm: yours, not the token's.
  // TODO R3: exp and nbf.
  // TODO R10, R12, R13, R14: the other ways in which a token can lie.
  return { ok: false, reason: 'not built yet' };
}
