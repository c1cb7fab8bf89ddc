import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP: N 2^14 with r 8 and p 5. */
const R = 8;
const P = 5;

/** A hash in the PHC form. `cost`: as bcrypt counts it; 12 there is ln 14 here. */
export async function hashOf(password: string, cost: number): Promise<string> {
  const salt = randomBytes(16);
  const ln = cost + 2;
  return `$scrypt$ln=${ln},r=${R},p=${P}$${b64(salt)}$${b64(await stretch(password, salt, ln))}`;
}

export async function fitsHash(password: string, hash: string): Promise<boolean> {
  const [, , settings = '', salt = '', wanted = ''] = hash.split('$');
  const ln = Number(/ln=(\d+)/.exec(settings)?.[1]);
  const got = await stretch(password, Buffer.from(salt, 'base64'), ln);
  return timingSafeEqual(got, Buffer.from(wanted, 'base64'));
}

const b64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

const stretch = (password: string, salt: Buffer, ln: number): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, 32, { N: 2 ** ln, r: R, p: P, maxmem: 2 ** 28 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
