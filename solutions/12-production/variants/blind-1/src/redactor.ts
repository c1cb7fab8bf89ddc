/** Shorter texts are everywhere by chance: to blot them out would destroy the line and hide nothing. */
const SHORTEST = 3;
const BLOT = '[redacted]';

/** Takes what must not be logged out of a text. */
export class Redactor {
  readonly #secrets: string[];

  constructor(secrets: Iterable<string>) {
    const forms = new Set<string>();
    for (const secret of secrets) {
      forms.add(secret);
      // The same text inside a piece of JSON, and as a part of an address.
      forms.add(JSON.stringify(secret).slice(1, -1));
      if (!/\p{Surrogate}/u.test(secret)) forms.add(encodeURIComponent(secret));
    }
    this.#secrets = [...forms].filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  }

  clean(text: string): string {
    return this.#secrets.reduce((result, secret) => result.replaceAll(secret, () => BLOT), text);
  }
}

/** All texts at any depth of a value that came as JSON. */
export function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsIn(item);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'string') yield item;
      else yield* textsIn(item);
      // The name of a member is the client's text too, unless it is the service's own word.
      if (key !== 'text') yield key;
    }
  }
}
