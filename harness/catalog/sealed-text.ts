import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/*
 * A sealed file is text, so that git and mail leave it as it is:
 *
 *     The hidden suite of 04-jwt, sealed. …            what it is, for people; as many lines as it takes
 *                                                      an empty line
 *     workbook-sealed-1                                the format
 *     kJ3v0a…                                          base64, in lines: nonce (12 bytes), tag (16), ciphertext
 *
 * AES-256-GCM over what Brotli made of the content; the file's own path is bound to it. The nonce is no random number but
 * an HMAC of path and content: the same content has the same bytes, so that git shows no change where there is none, and
 * one nonce never meets two contents. Who has the key can open it, and the key lies beside it: a curtain, not a wall.
 */
const FORMAT = 'workbook-sealed-1';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LINE = 76;

/** What is larger when it is unpacked was not sealed by us, in bytes. */
const LARGEST = 64 * 1024 * 1024;

/** `path`: of the sealed file, relative to the edition, with forward slashes. */
export type SealedPlace = { key: Uint8Array; path: string };

/** Seals `content`. `about`: a few sentences that stand above it, readable by everybody. */
export function seal(content: string, { key, path }: SealedPlace, about: string): string {
  const packed = brotliCompressSync(Buffer.from(content), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 },
  });
  const bound = Buffer.from(path);
  const nonce = createHmac('sha256', derived(key, 'nonce'))
    .update(`${bound.length}:`)
    .update(bound)
    .update(packed)
    .digest()
    .subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', derived(key, 'encryption'), nonce);
  cipher.setAAD(bound);
  const body = Buffer.concat([cipher.update(packed), cipher.final()]);
  const text = Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
  const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return [about.trim(), '', FORMAT, ...lines, ''].join('\n');
}

/** What was sealed; null: the text was changed, lies elsewhere, or belongs to another key. */
export function unseal(text: string, { key, path }: SealedPlace): string | null {
  const lines = text.split(/\r?\n/);
  const start = lines.indexOf(FORMAT);
  if (start === -1) return null;
  const bytes = Buffer.from(lines.slice(start + 1).join(''), 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  try {
    const decipher = createDecipheriv('aes-256-gcm', derived(key, 'encryption'), nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(path));
    decipher.setAuthTag(tag);
    const packed = Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]);
    return brotliDecompressSync(packed, { maxOutputLength: LARGEST }).toString('utf8');
  } catch {
    return null;
  }
}

/** A key for one purpose alone. */
function derived(key: Uint8Array, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `workbook edition: ${purpose}`, KEY_BYTES));
}
