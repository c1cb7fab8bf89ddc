/** What reaches outside the database or changes how it works. `stmt.readonly` is true for ATTACH, so words decide. */
const REFUSED = new Set(['attach', 'detach', 'vacuum', 'pragma', 'load_extension']);

/** Harmless, and many people begin a schema with it. */
const FOREIGN_KEYS = /\bpragma\s+foreign_keys\s*(?:=\s*\w+|\(\s*\w+\s*\))?/giu;

/** Strings, quoted names and comments are passed over; what is left are words and signs. */
const TOKEN =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[a-z_][\w$]*|[\s\S]/giu;

/** The first refused word of an SQL text, or null. */
export function refusedWords(sql: string): string | null {
  for (const [token] of sql.replace(FOREIGN_KEYS, '').matchAll(TOKEN)) {
    // A quoted name can be a function's name too: "load_extension"('x').
    const word = token.replace(/^["`[]|["`\]]$/g, '').toLowerCase();
    if (!token.startsWith("'") && REFUSED.has(word)) return word.toUpperCase();
  }
  return null;
}
