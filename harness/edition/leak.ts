import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

/** Lines shorter than this say nothing about where they come from. */
const TELLING = 40;

/** A line that is one text and nothing else, or an import, is one that others may write as well. */
const COMMON = /^(['"`])(?:(?!\1).)*\1,?$|^import\s|^\} from '/;

/** No file of ours is larger when it is unpacked, in bytes. */
const LARGEST = 32 * 1024 * 1024;

/** How often what was unpacked is unpacked again. */
const DEPTH = 3;

/** What must not be in an edition in any readable form. */
export type Secrets = {
  /** Marks that each hidden file begins with. */
  canaries: readonly string[];
  /** Whole lines of hidden files and solutions, without spaces around them. */
  lines: ReadonlySet<string>;
};

/** Something that an edition gives away. `what` quotes the beginning of it. */
export type Leak = { path: string; what: string };

/**
 * `hidden`, `solutions`: texts that are sealed. `plain`: texts that are handed out as they are; a line that stands in one of
 * these, such as one of the stub, is nobody's secret.
 */
export function secretsOf(
  hidden: Iterable<string>,
  solutions: Iterable<string>,
  plain: Iterable<string>,
): Secrets {
  const lines = new Set<string>();
  const canaries: string[] = [];
  for (const text of hidden) {
    const canary = /^(?:\/\/|#|--) canary ([0-9a-z-]{16,})$/m.exec(text)?.[1];
    if (canary !== undefined) canaries.push(canary);
    for (const line of tellingLines(text)) lines.add(line);
  }
  for (const text of solutions) for (const line of tellingLines(text)) lines.add(line);
  for (const text of plain) for (const line of tellingLines(text)) lines.delete(line);
  return { canaries, lines };
}

function tellingLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= TELLING && !COMMON.test(line));
}

/** Files of a workbook that nobody hands out, and a plain suite where a sealed one should lie. */
const OURS =
  /^solutions\/[^/]+\/(mistakes|broken|variants|src)\/|^harness\/.*\/corpus\/|^exercises\/[^/]+\/hidden\/(?!suite\.sealed$)/;

/**
 * The first thing of each file that gives a secret away: by its name, as it stands there, as text inside of JSON, in base64,
 * or compressed.
 */
export function leaksIn(files: Iterable<readonly [path: string, bytes: Buffer]>, secrets: Secrets): Leak[] {
  return [...files].flatMap(([path, bytes]) => {
    // What git ignores: builds with the code of packages, and copies of what somebody wrote there. No suite, ever.
    const sought = path.startsWith('.workbook/') ? { ...secrets, lines: new Set<string>() } : secrets;
    const what = OURS.test(path) ? 'its name' : secretIn(bytes, sought, DEPTH);
    return what === null ? [] : [{ path, what }];
  });
}

function secretIn(bytes: Buffer, secrets: Secrets, depth: number): string | null {
  const text = bytes.toString('utf8');
  const canary = secrets.canaries.find((each) => text.includes(each));
  if (canary !== undefined) return `canary ${canary}`;
  // In JSON, a line break is two signs, and so is a quote.
  for (const line of text.split(/\r?\n|\\r?\\n|\\n/)) {
    const found = [line.trim(), line.replaceAll('\\"', '"').trim()].find((each) => secrets.lines.has(each));
    if (found !== undefined) return `the line ${found.slice(0, 60)}`;
  }
  if (depth === 0) return null;
  for (const inside of unpacked(bytes, text)) {
    const found = secretIn(inside, secrets, depth - 1);
    if (found !== null) return `${found} (packed)`;
  }
  return null;
}

/** What is compressed or written in base64 in a file. */
function* unpacked(bytes: Buffer, text: string): Generator<Buffer> {
  for (const unpack of [gunzipSync, inflateSync, brotliDecompressSync]) {
    try {
      const inside = unpack(bytes, { maxOutputLength: LARGEST });
      if (inside.length > 0) yield inside;
    } catch {
      // It is not packed in this way.
    }
  }
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{32,}(?:\r?\n[A-Za-z0-9+/_-]+)*={0,2}/g))
    yield Buffer.from(run, 'base64');
}
