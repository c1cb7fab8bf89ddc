// canary 7e393e8a319b65891e8ec305
/** One command of a shell line: its words, without quotes and without variables that are set before it. */
export type Command = { words: string[]; environment: Map<string, string> };

/** The commands of a shell text, in order, whatever joins them. Good enough for what stands in Dockerfiles. */
export function commandsOf(text: string): Command[] {
  return split(text)
    .map(wordsOf)
    .map((all): Command => {
      const words = withoutReserved(all);
      const environment = new Map<string, string>();
      let begin = 0;
      for (const word of words) {
        const set = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
        if (set?.[1] === undefined) break;
        environment.set(set[1], set[2] ?? '');
        begin++;
      }
      return { words: words.slice(begin), environment };
    })
    .filter(({ words, environment }) => words.length > 0 || environment.size > 0);
}

/** Words that only say how commands hang together. */
const RESERVED: readonly string[] = ['if', 'then', 'elif', 'else', 'fi', 'while', 'until', 'do', 'done', '!'];

function withoutReserved(words: string[]): string[] {
  const begin = words.findIndex((word) => !RESERVED.includes(word));
  return begin < 0 ? [] : words.slice(begin);
}

/** At `&&`, `||`, `;`, `|`, `&` and line ends outside of quotes; parentheses and braces around commands fall away. */
function split(text: string): string[] {
  const parts = [''];
  let quote = '';
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? '';
    const last = parts.length - 1;
    if (sign === '\\' && quote !== "'") {
      if (text[at + 1] !== '\n') parts[last] += sign + (text[at + 1] ?? '');
      at++;
    } else if (quote !== '') {
      if (sign === quote) quote = '';
      parts[last] += sign;
    } else if (sign === '"' || sign === "'" || sign === '`') {
      quote = sign;
      parts[last] += sign;
    } else if (opensOrCloses(text, at, depth)) {
      // What `$(…)` runs is a part of the word.
      depth += sign === '(' ? 1 : -1;
      parts[last] += sign;
    } else if (
      depth === 0 &&
      /[&|;\n(){}]/.test(sign) &&
      !(sign === '{' && text[at - 1] === '$') &&
      !inVariable(parts[last] ?? '')
    ) {
      parts.push('');
    } else parts[last] += sign;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '' && !part.startsWith('#'));
}

/** A parenthesis of `$(…)`. */
function opensOrCloses(text: string, at: number, depth: number): boolean {
  return (text[at] === '(' && (depth > 0 || text[at - 1] === '$')) || (text[at] === ')' && depth > 0);
}

/** Within `${…`, or behind the `>` of `2>&1`. */
function inVariable(before: string): boolean {
  return before.lastIndexOf('${') > before.lastIndexOf('}') || before.endsWith('>');
}

/** Words of a command line, quotes and backslashes taken off, as Compose splits a command. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? '';
    if (quote !== '') {
      if (sign === quote) quote = '';
      else if (sign === '\\' && quote === '"') word = (word ?? '') + (text[++at] ?? '');
      else word = (word ?? '') + sign;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
      word ??= '';
    } else if (sign === '\\') word = (word ?? '') + (text[++at] ?? '');
    else if (opensOrCloses(text, at, depth)) {
      depth += sign === '(' ? 1 : -1;
      word = (word ?? '') + sign;
    } else if (depth === 0 && /\s/.test(sign)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + sign;
  }
  if (word !== null) words.push(word);
  return words;
}

/** Whether a name matches a pattern with `*` and `?`, in time that grows with their lengths only. */
export function matchesWildcard(name: string, pattern: string): boolean {
  let at = 0;
  let behind = 0;
  let star = -1;
  let from = 0;
  while (at < name.length) {
    if (
      behind < pattern.length &&
      (pattern[behind] === '?' || pattern[behind] === name[at]) &&
      pattern[behind] !== '*'
    ) {
      at++;
      behind++;
    } else if (pattern[behind] === '*') {
      star = behind++;
      from = at;
    } else if (star >= 0) {
      behind = star + 1;
      at = ++from;
    } else return false;
  }
  while (pattern[behind] === '*') behind++;
  return behind === pattern.length;
}
