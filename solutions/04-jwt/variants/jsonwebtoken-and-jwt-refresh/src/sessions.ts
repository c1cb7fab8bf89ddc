import { randomUUID } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import jwt from 'jsonwebtoken';

export type Pair = { accessToken: string; refreshToken: string; expiresIn: number };

const ISSUER = 'backend-workbook';
const ACCESS = { audience: 'api', seconds: 900 };
const REFRESH = { audience: 'refresh', seconds: 30 * 24 * 60 * 60 };

type Refresh = { sub: string; jti: string; fam: string; exp: number };

/** Both kinds of token. A family is what came from one login. */
export class Sessions {
  private readonly db: Database;
  private readonly clock: { now(): number };
  private readonly keys: { access: string; refresh: string };

  constructor(db: Database, clock: { now(): number }, keys: { access: string; refresh: string }) {
    for (const [name, secret] of Object.entries(keys)) {
      if (Buffer.byteLength(secret, 'utf8') < 32) throw new Error(`keys.${name} is shorter than 32 bytes`);
    }
    this.db = db;
    this.clock = clock;
    this.keys = keys;
    db.exec(`CREATE TABLE IF NOT EXISTS refresh (
      jti TEXT PRIMARY KEY,
      family TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('fresh', 'used', 'ended'))
    )`);
  }

  begin(userId: number): Pair {
    return this.pair(String(userId), randomUUID());
  }

  /** Two new tokens for a refresh token, or null when it is not good. */
  renew(refreshToken: string): Pair | null {
    const claims = this.readRefresh(refreshToken);
    if (claims === null) return null;
    return this.db.transaction((): Pair | null => {
      if (this.stateOf(claims.jti) !== 'fresh') {
        this.endFamily(claims.fam);
        return null;
      }
      if (this.seconds() >= claims.exp) return null;
      this.db.prepare("UPDATE refresh SET state = 'used' WHERE jti = ?").run(claims.jti);
      return this.pair(claims.sub, claims.fam);
    })();
  }

  end(refreshToken: string): void {
    const claims = this.readRefresh(refreshToken);
    if (claims !== null) this.endFamily(claims.fam);
  }

  /** Whose access token this is, or null when it is not good. */
  userIn(accessToken: string): number | null {
    const claims = this.opened(accessToken, this.keys.access, { audience: ACCESS.audience });
    // The package checks exp when it is there, and lets a token live for ever that has none.
    if (claims === null || typeof claims.exp !== 'number' || !/^\d+$/.test(claims.sub ?? '')) return null;
    return Number(claims.sub);
  }

  private pair(sub: string, family: string): Pair {
    const jti = randomUUID();
    this.db.prepare("INSERT INTO refresh (jti, family, state) VALUES (?, ?, 'fresh')").run(jti, family);
    return {
      accessToken: this.made({ sub }, this.keys.access, ACCESS),
      refreshToken: this.made({ sub, jti, fam: family }, this.keys.refresh, REFRESH),
      expiresIn: ACCESS.seconds,
    };
  }

  private made(claims: object, secret: string, { audience, seconds }: typeof ACCESS): string {
    const options = { algorithm: 'HS256', issuer: ISSUER, audience, expiresIn: seconds } as const;
    return jwt.sign({ ...claims, iat: this.seconds() }, secret, options);
  }

  /** An expired one too: a used token that comes back late is a sign of theft all the same. */
  private readRefresh(token: string): Refresh | null {
    const options = { audience: REFRESH.audience, ignoreExpiration: true };
    return this.opened(token, this.keys.refresh, options) as Refresh | null;
  }

  private opened(token: string, secret: string, options: jwt.VerifyOptions): jwt.JwtPayload | null {
    try {
      const claims = jwt.verify(token, secret, {
        ...options,
        algorithms: ['HS256'],
        issuer: ISSUER,
        clockTimestamp: this.seconds(),
        complete: false,
      });
      return typeof claims === 'string' ? null : claims;
    } catch {
      return null;
    }
  }

  private stateOf(jti: string): unknown {
    return this.db.prepare('SELECT state FROM refresh WHERE jti = ?').pluck().get(jti);
  }

  private endFamily(family: string): void {
    this.db.prepare("UPDATE refresh SET state = 'ended' WHERE family = ?").run(family);
  }

  private seconds(): number {
    return Math.floor(this.clock.now() / 1000);
  }
}
