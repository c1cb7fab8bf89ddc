/** The language of the offer that the client likes best (RFC 9110 §12.5.4); the first one when it likes none or says nothing. */
export function preferredLanguage(header: string | undefined, offered: [string, ...string[]]): string {
  const wishes = (header ?? '*').split(',').map((part) => {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const weight = /^\s*q=([\d.]+)\s*$/.exec(parameters.join(';'))?.[1];
    return { range: range.trim(), weight: weight === undefined ? 1 : Number(weight) };
  });
  let best = { language: offered[0], weight: 0, place: Infinity };
  for (const language of offered) {
    const place = wishes.findIndex(({ range }) => range === language || range.split('-')[0] === language);
    const index = place === -1 ? wishes.findIndex(({ range }) => range === '*') : place;
    const weight = wishes[index]?.weight ?? 0;
    if (weight > best.weight || (weight === best.weight && weight > 0 && index < best.place)) {
      best = { language, weight, place: index };
    }
  }
  return best.language;
}
