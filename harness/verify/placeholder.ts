/** How `npm run new` marks a sentence that the author still has to write. */
const MARK = '[to write]';

const SHOWN = 100;

/** Each placeholder of a text as a sentence. `where`: what the text is called. */
export function placeholders(where: string, text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.includes(MARK))
    .map((line) => {
      const words = line
        .slice(line.indexOf(MARK) + MARK.length)
        .replace(/["',\s]+$/, '')
        .trim();
      return `${where} is still to be written: ${words.length > SHOWN ? `${words.slice(0, SHOWN)}…` : words}`;
    });
}

/** A text by its headings of the second level: title → all that stands below it. Code blocks have no headings. */
export function sectionsOf(markdown: string): Map<string, string> {
  const sections = new Map<string, string[]>();
  let lines: string[] = [];
  sections.set('', lines);
  let inCode = false;
  for (const line of markdown.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) inCode = !inCode;
    const title = inCode ? undefined : /^##\s+(.*?)\s*$/.exec(line)?.[1];
    if (title === undefined) lines.push(line);
    else sections.set(title, (lines = sections.get(title) ?? []));
  }
  return new Map([...sections].map(([title, texts]) => [title, texts.join('\n')]));
}
