/** Text that is HTML already. Only `html` and `trusted` make it, so a plain string can never pass for it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template. `null`, `undefined` and `false` leave nothing. */
export type Content = string | number | Html | null | undefined | false | readonly Content[];

/** A template whose values are escaped, unless they are HTML themselves: html`<p>${name}</p>`. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Html {
  let text = strings[0] ?? '';
  for (const [index, value] of values.entries()) text += render(value) + (strings[index + 1] ?? '');
  return new Html(text);
}

/** Takes a text for HTML. For what a sanitiser or the highlighter made, and nothing else. */
export function trusted(text: string): Html {
  return new Html(text);
}

/** Text for the inside of an element or of a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Text of ours in which backticks mark code. */
export function withCode(text: string): Content {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

function render(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value.map(render).join('');
}
