// canary a1ace5dc8b46b4b461e9d4f7
/** A variable as Compose and a shell write it: `$NAME` or `${NAME:-word}`. */
export type Variable = { name: string; operator: string; word: string };

/** A text as pieces that stand in it and variables, in order. `$$` is a dollar sign. */
export function piecesOf(text: string): (string | Variable)[] {
  const pieces: (string | Variable)[] = [];
  let plain = '';
  for (let at = 0; at < text.length;) {
    const whole = wholeAt(text, at);
    const variable = variableOf(whole);
    if (variable === null) {
      plain += text.startsWith('$$', at) ? '$' : (text[at] ?? '');
      at += text.startsWith('$$', at) ? 2 : 1;
      continue;
    }
    if (plain !== '') pieces.push(plain);
    plain = '';
    pieces.push(variable);
    at += whole.length;
  }
  if (plain !== '') pieces.push(plain);
  return pieces;
}

/** The text as Compose makes it when no variable is set: defaults in their places, what has none as it is written. */
export function resolved(text: string): string {
  return piecesOf(text)
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      if (piece.operator.endsWith('-')) return resolved(piece.word);
      return piece.operator.endsWith('+') ? '' : `\${${piece.name}}`;
    })
    .join('');
}

/** Variables that a text asks for, those in defaults too, and whether it does without them. */
export function variablesIn(text: string): { name: string; isOptional: boolean }[] {
  return piecesOf(text).flatMap((piece) =>
    typeof piece === 'string'
      ? []
      : [
          { name: piece.name, isOptional: /[-+]$/.test(piece.operator) },
          ...(piece.operator.endsWith('?') ? [] : variablesIn(piece.word)),
        ],
  );
}

/** The `$NAME` or `${…}` that begins here, with all braces within it; '': none does. */
function wholeAt(text: string, at: number): string {
  if (text[at] !== '$' || text[at + 1] === '$') return '';
  if (text[at + 1] !== '{') return /^\$[A-Za-z_]\w*/.exec(text.slice(at))?.[0] ?? '';
  let depth = 0;
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '{') depth++;
    if (text[end] === '}' && --depth === 0) return text.slice(at, end + 1);
  }
  return '';
}

function variableOf(whole: string): Variable | null {
  const found = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?[-+?])(.*))?\})$/s.exec(whole);
  if (found === null) return null;
  return { name: found[1] ?? found[2] ?? '', operator: found[3] ?? '', word: found[4] ?? '' };
}
