/** Undoes percent-encoding; null when an escape is not two hex digits or the bytes are not UTF-8. */
export function decodePercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/**
 * The first value of `key` in a query string, as HTML forms write them: `+` is a space. Undefined: there is no such
 * key. Null: its value cannot be decoded.
 */
export function firstValue(query: string, key: string): string | null | undefined {
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    if (decodeForm(name) !== key) continue;
    return equals === -1 ? '' : decodeForm(pair.slice(equals + 1));
  }
  return undefined;
}

/** First the plus signs, then the escapes: the other way round `%2B`, an escaped plus, would become a space. */
function decodeForm(text: string): string | null {
  return decodePercent(text.replaceAll('+', ' '));
}
