// canary 0baee4e00c87df4f7646ff14
import { inflateRawSync } from 'node:zlib';

const PAGE = 512;

/** A database of five pages with twelve rows in `samples`, made with SQLite 3 (pages of 512 bytes). */
export const SOUND = inflateRawSync(
  Buffer.from(
    '7ZS7SgNBFIb/M9k1Gg2WFmlOqSBBjdduV9kuTS6lLKw4yuJewmYE0yUPYS95HJ/Cp0hjI5uEWbQJgUzlfsUMMwzfYfg5p9dph0ryU5rFgeIWBIjgMAMQAGwUEADrz3kVAs33z3r+mKagKUrW5p6qB40GTfZV8BDJYRAPIjlcbuKu67l9j/vubdvj5SUfho8cJko+y4wHWRgH2Yhf5OiYlXxTiyVJFSevUXSUByxolhey6Ztm4N/VfdvCxE1SJfmcm5vHt7S/ZcRf0f4zI36h/adG/KT9J5vz551cA1Cx6/MmZ9AHOfjCuMz/P+RfsDL/mq5/Y+R/O9p/bcS/rf1XRvxV7b804t/S/gtT+QtyFvmXrI2/V/S/iQHg7xZ+EwPgBw==',
    'base64',
  ),
);

/** What its rows add up to: how many, and how many characters. */
export const SOUND_ROWS = { count: 12, letters: 1080 };

/** Its table and its index disagree: `PRAGMA quick_check` finds it sound, `PRAGMA integrity_check` does not. */
const DISAGREEING = inflateRawSync(
  Buffer.from(
    '7ZHBSsNAEIZnsiEmBfG4lF7maEG8+AKNdZFgTDWu0IBgE7NiINXQ7KEefQhfwMfxBdqrnvWqV8kSqDfvtd9lmPmZWdjv4jwstKLbh9k01XQAFiDCgAgAHABgsMICAPtXj/A3Duw/v243yzgBfMEJ/DMGlsN7PUyK+1zNs8drrea6TqdVqWo2jIUvBQXRkRhTm9Eoojan3WbQv8Kt5sLTjk6zUrVZW6z2hPQPQ7HaK3IKIimORUxncXDqxwmdiGSPzANSjCVFI0nRZRj2Gzc2LgC/8APfcAEb1gHXZsDzVKvaYwy6wzulauVaDHg2U2nuIgOeVlWpOsb/EvAbP/Edl5uvWw88xtH4tzusizfGP2uGxr/lMu4Z/z8=',
    'base64',
  ),
);

/** Files that no restore may take. In the first the header and the schema are as they should be. */
export const UNSOUND: readonly (readonly [what: string, bytes: Buffer])[] = [
  ['a page of the table is overwritten', overwritten(3 * PAGE, 0xff)],
  ['a pointer into a page is wrong', overwritten(4 * PAGE + 9, 0x55)],
  ['a row is missing from an index', DISAGREEING],
  ['the last page is missing', SOUND.subarray(0, -PAGE)],
  ['an empty file', Buffer.alloc(0)],
  ['no database at all', Buffer.from('-- this is a dump that was never finished\n'.repeat(60))],
];

function overwritten(at: number, byte: number): Buffer {
  const bytes = Buffer.from(SOUND);
  bytes[at] = byte;
  return bytes;
}
