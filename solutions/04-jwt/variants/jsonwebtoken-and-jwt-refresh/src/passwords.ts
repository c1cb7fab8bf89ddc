import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

const BLOCK = 8;
const KEY_BYTES = 32;
const PHC = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** Slow salted hashes: scrypt, written as $scrypt$ln=…,r=…,p=…$salt$hash. */
export class Passwords {
  /** Fits no password. */
  readonly nobodys: string;
  private readonly ln: number;

  /** `cost` as bcrypt counts it: scrypt with 2^17 takes about as long as bcrypt with 12. */
  constructor(cost: number) {
    this.ln = cost + 5;
    this.nobodys = this.written(randomBytes(16), randomBytes(KEY_BYTES));
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(16);
    return this.written(salt, await derive(password, salt, this.ln, BLOCK, 1));
  }

  async matches(password: string, written: string): Promise<boolean> {
    const [, ln, r, p, salt, hash] = PHC.exec(written) ?? [];
    if (salt === undefined || hash === undefined) return false;
    const expected = Buffer.from(hash, 'base64');
    const got = await derive(password, Buffer.from(salt, 'base64'), Number(ln), Number(r), Number(p));
    return got.length === expected.length && timingSafeEqual(got, expected);
  }

  private written(salt: Buffer, hash: Buffer): string {
    const [first, second] = [salt, hash].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
    return `$scrypt$ln=${this.ln},r=${BLOCK},p=1$${first}$${second}`;
  }
}

function derive(password: string, salt: Buffer, ln: number, r: number, p: number): Promise<Buffer> {
  // Node allows 32 MiB unless told otherwise; scrypt needs 128 bytes times N times r.
  const options = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, options, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
