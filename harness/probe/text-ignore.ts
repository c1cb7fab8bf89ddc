import picomatch from 'picomatch';

/** Docker's patterns know `*`, `**`, `?` and `[a-z]`, hidden files included, and nothing else of a shell's. */
const PATTERNS = { dot: true, nobrace: true, noextglob: true, nonegate: true, nocase: false } as const;

type Pattern = { matches: (path: string) => boolean; brings: boolean };

/**
 * Which of `paths` (relative to the build context, with forward slashes) a .dockerignore leaves out. The last pattern
 * that matches a path or a folder around it decides, and one that begins with `!` brings it back.
 * Source: Docker's documentation of "dockerignore files".
 */
export function ignoredPaths(text: string, paths: readonly string[]): boolean[] {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!')
    .map(patternOf);
  return paths.map((path) => {
    const segments = path.split('/');
    const around = segments.map((_, index) => segments.slice(0, index + 1).join('/'));
    let ignored = false;
    for (const { matches, brings } of patterns) if (around.some((each) => matches(each))) ignored = !brings;
    return ignored;
  });
}

function patternOf(line: string): Pattern {
  const brings = line.startsWith('!');
  const bare = (brings ? line.slice(1) : line).trim();
  const segments: string[] = [];
  for (const segment of bare.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(segment);
  }
  const glob = segments.join('/');
  return { brings, matches: glob === '' ? () => false : picomatch(glob, PATTERNS) };
}
