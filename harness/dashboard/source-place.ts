/** A place in the learner's files. `line` counts from 1; `text` is that line. */
export type SourcePlace = { file: string; line: number; text: string };

/** The length is bounded, so that a text made to be slow is not. */
const PLACE = /([\w.\\/-]{1,150}\.[a-z]{2,4}):(\d{1,6})(?::\d{1,6})?/g;

/**
 * The places that a text names, for example a stack trace: those in the learner's files, each once, in the order of the
 * text. `files`: relative path → content.
 */
export function placesIn(text: string, files: ReadonlyMap<string, string>, most = 3): SourcePlace[] {
  const found = new Map<string, SourcePlace>();
  for (const [, written = '', number = ''] of text.slice(0, 20_000).matchAll(PLACE)) {
    const name = written.replaceAll('\\', '/');
    const file = [...files.keys()].find((path) => name === path || name.endsWith(`/${path}`));
    const line = Number(number);
    const content = file === undefined ? undefined : files.get(file)?.split(/\r?\n/)[line - 1];
    if (file === undefined || content === undefined) continue;
    found.set(`${file}:${line}`, { file, line, text: content });
    if (found.size === most) break;
  }
  return [...found.values()];
}
