/** A row of two columns. `gap`: lines that are the same on both sides were left out here. */
export type DiffRow =
  { kind: 'gap' } | { kind: 'same' | 'change'; yours: string | null; theirs: string | null };

/** Puts the lines of a unified diff, without the names of the files, beside each other. */
export function pairLines(lines: readonly string[]): DiffRow[] {
  const rows: DiffRow[] = [];
  let minus: string[] = [];
  let plus: string[] = [];
  const flush = (): void => {
    for (let index = 0; index < Math.max(minus.length, plus.length); index++) {
      rows.push({ kind: 'change', yours: minus[index] ?? null, theirs: plus[index] ?? null });
    }
    minus = [];
    plus = [];
  };
  for (const line of lines) {
    const text = line.slice(1);
    // A minus after a plus begins another change.
    if (line.startsWith('-') && plus.length > 0) flush();
    if (line.startsWith('-')) minus.push(text);
    else if (line.startsWith('+')) plus.push(text);
    else if (line.startsWith('@')) {
      flush();
      rows.push({ kind: 'gap' });
    } else if (!line.startsWith('\\')) {
      flush();
      rows.push({ kind: 'same', yours: text, theirs: text });
    }
  }
  flush();
  return rows;
}
