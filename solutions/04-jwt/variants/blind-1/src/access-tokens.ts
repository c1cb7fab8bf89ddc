import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';

export const ACCESS_TOKEN_SECONDS = 900;
const ISSUER = 'backend-workbook';
const AUDIENCE = 'api';

export type AccessTokens = ReturnType<typeof createAccessTokens>;

export function createAccessTokens(secret: string, clock: { now(): number }) {
  const seconds = () => Math.floor(clock.now() / 1000);

  return {
    issue(userId: string): string {
      const iat = seconds();
      // jti: two tokens of the same second are still two tokens.
      return jwt.sign({ iat, exp: iat + ACCESS_TOKEN_SECONDS, jti: randomUUID() }, secret, {
        algorithm: 'HS256',
        subject: userId,
        issuer: ISSUER,
        audience: AUDIENCE,
      });
    },

    /** The user's id, or undefined when the token is no good. */
    read(token: string): string | undefined {
      try {
        const claims = jwt.verify(token, secret, {
          algorithms: ['HS256'],
          issuer: ISSUER,
          audience: AUDIENCE,
          clockTimestamp: seconds(),
        });
        // The package lets a token without exp pass.
        if (typeof claims === 'string' || typeof claims.exp !== 'number') return undefined;
        return typeof claims.sub === 'string' && claims.sub !== '' ? claims.sub : undefined;
      } catch {
        return undefined;
      }
    },
  };
}
