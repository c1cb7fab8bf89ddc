import bcrypt from 'bcryptjs';

/** bcrypt reads no further. */
const MAX_BYTES = 72;
const MIN_CHARACTERS = 8;

export function isAcceptable(password: string): boolean {
  return [...password].length >= MIN_CHARACTERS && !isTooLong(password);
}

export function createHasher(cost: number) {
  // A hash that nothing fits, so that an unknown user takes as long as a wrong password.
  const nobody = bcrypt.genSaltSync(cost) + '.'.repeat(31);

  return {
    hash: (password: string): Promise<string> => bcrypt.hash(password, cost),
    async matches(password: string, hash: string | undefined): Promise<boolean> {
      const same = await bcrypt.compare(password, hash ?? nobody);
      return same && hash !== undefined && !isTooLong(password);
    },
  };
}

function isTooLong(password: string): boolean {
  return Buffer.byteLength(password, 'utf8') > MAX_BYTES;
}
