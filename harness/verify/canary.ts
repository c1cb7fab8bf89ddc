import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of code shorter than this say nothing about where they come from. */
const TELLING = 40;

/** A line that is one text and nothing else is data, which a failure shows on purpose: the SQL that was sent, say. */
const SHOWN = /^(['"`])(?:(?!\1).)*\1,?$/;

/**
 * What must never be seen outside of the suite: the canary line that each of its files begins with, and its longer lines
 * of code.
 */
export type Canaries = { marks: string[]; lines: string[]; problems: string[] };

export function readCanaries(folder: string): Canaries {
  const marks: string[] = [];
  const lines: string[] = [];
  const problems: string[] = [];
  const hidden = join(folder, 'hidden');
  const names = readdirSync(hidden, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((each) => /\.(ts|yaml)$/.test(each))) {
    const text = readFileSync(join(hidden, name), 'utf8');
    const mark = /^(?:\/\/|#) canary ([0-9a-z-]{16,})\n/.exec(text)?.[1];
    if (mark === undefined)
      problems.push(`hidden/${name} does not begin with a line such as: // canary 3f9c…`);
    else marks.push(mark);
    lines.push(
      ...text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line.length >= TELLING && !SHOWN.test(line)),
    );
  }
  return { marks, lines, problems };
}

/** The first thing of the suite that a text gives away, or null. */
export function leak(text: string, { marks, lines }: Canaries): string | null {
  return [...marks, ...lines].find((secret) => text.includes(secret)) ?? null;
}
