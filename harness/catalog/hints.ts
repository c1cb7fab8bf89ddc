/**
 * The hints of an exercise by rule, from vague to clear. Format of hints.md: a heading `## R4` for each rule, below it a
 * numbered list; an indented line continues the hint above it.
 */
export function parseHints(text: string): Map<string, string[]> {
  const hints = new Map<string, string[]>();
  let levels: string[] | null = null;
  for (const line of text.split(/\r?\n/)) {
    const heading = /^##\s+([RQ]\d+)\b/.exec(line)?.[1];
    const hint = /^\d+\.\s+(.*)$/.exec(line)?.[1];
    if (heading !== undefined) {
      levels = [];
      hints.set(heading, levels);
    } else if (levels !== null && hint !== undefined) levels.push(hint);
    else if (levels !== null && levels.length > 0 && /^\s+\S/.test(line))
      levels.push(`${levels.pop()}\n${line.trimEnd()}`);
  }
  return hints;
}
