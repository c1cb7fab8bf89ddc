/** Markers for what must survive the stripping; they are no characters of any text. */
const OPEN = '\ue000';
const CLOSE = '\ue001';

/**
 * One line of Markdown as plain text: emphasis, backticks, links and escapes give way to their words, line breaks to a
 * space. What stands in backticks stays as it is: `file_name` and `*` keep their characters. `ticks`: the backticks stay
 * around it, and so do the addresses of links: for texts in which code has to be told from words.
 */
export function plainText(markdown: string, { ticks = false }: { ticks?: boolean } = {}): string {
  const kept: string[] = [];
  const keep = (text: string) => `${OPEN}${kept.push(text) - 1}${CLOSE}`;

  let text = markdown
    .replace(/[\ue000\ue001]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  // A backslash before punctuation makes it a plain character, but not inside backticks; hence one pass for both.
  text = text.replace(
    /\\([!-/:-@[-`{-~])|(?<!`)(`+)(?!`)(.*?)(?<!`)\2(?!`)/g,
    (all: string, escaped: string | undefined, _ticks: string | undefined, code: string | undefined) =>
      keep(escaped ?? (ticks ? all : codeText(code ?? ''))),
  );
  text = text.replace(/!?\[([^[\]]*)\]\(([^()\s]*)\)/g, (_all, words: string, address: string) =>
    ticks && words !== address ? `${words} (${keep(address)})` : words,
  );
  text = text.replace(/<(https?:[^<>\s]+)>/g, '$1');
  for (let depth = 0; depth < 3; depth += 1) {
    text = text.replace(/(\*{1,3}|~~)(?![\s*~])(.*?)(?<![\s*~])\1/g, '$2');
    // An underscore inside a word is a character of that word.
    text = text.replace(/(?<![\p{L}\p{N}_])(_{1,3})(?![\s_])(.*?)(?<![\s_])\1(?![\p{L}\p{N}_])/gu, '$2');
  }
  text = text.replace(/&(lt|gt|amp|quot);/g, (_all, name: string) => ENTITIES[name] ?? '');
  return text.replace(/\ue000(\d+)\ue001/g, (_all, index: string) => kept[Number(index)] ?? '');
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** One space inside each end only keeps the backticks apart: `` ` `` means one backtick. */
function codeText(code: string): string {
  return code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '' ? code.slice(1, -1) : code;
}
