import { Marked } from 'marked';
import type { Tokens } from 'marked';
import sanitize from 'sanitize-html';
import { escapeHtml, trusted } from './html.ts';
import type { Html } from './html.ts';
import { highlight } from './highlight.ts';

/*
 * Only Markdown of the workbook itself is rendered: specs, hints, walk-throughs. It is sanitised all the same: a fork can
 * hold anything, and a mistake of ours must not become a script. What learners write is shown as text, never here.
 */

/** Headings begin at this level, below the heading of the page. */
export type MarkdownOptions = {
  /** The level of a `#`. */
  level: number;
  /** A rule `- **R7** …` gets the anchor `R7`. */
  rules: boolean;
};

/** Renders a text of ours. */
export function renderMarkdown(text: string, options: MarkdownOptions = { level: 2, rules: false }): Html {
  const key = `${options.level} ${options.rules} ${text}`;
  let made = cache.get(key);
  if (made === undefined) {
    made = sanitize(parse(text, options), SAFE);
    if (cache.size >= MOST) cache.clear();
    cache.set(key, made);
  }
  return trusted(made);
}

/** Texts are few and change rarely; parsing a long spec takes some ten milliseconds. */
const cache = new Map<string, string>();
const MOST = 400;

function parse(text: string, { level, rules }: MarkdownOptions): string {
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const inner = this.parser.parseInline(tokens);
        const at = Math.min(6, depth + level - 1);
        return `<h${at} id="s-${slug(inner)}">${inner}</h${at}>\n`;
      },
      code({ text: code, lang }: Tokens.Code): string {
        const language = lang?.match(/^\w+/)?.[0] ?? null;
        return `<pre><code>${highlight(code, language).text}</code></pre>\n`;
      },
      listitem(item: Tokens.ListItem): string {
        const inner = this.parser.parse(item.tokens);
        const id = rules ? /^\*\*([RQ]\d+)\*\*/.exec(item.text)?.[1] : undefined;
        return id === undefined ? `<li>${inner}</li>\n` : `<li id="${id}" class="promise">${inner}</li>\n`;
      },
      html({ text: raw }: Tokens.HTML | Tokens.Tag): string {
        // Comments are for authors. Tags in prose were meant to be seen.
        return raw.startsWith('<!--') ? '' : escapeHtml(raw);
      },
    },
  });
  return marked.parse(text, { async: false });
}

function slug(inner: string): string {
  return inner
    .replace(/<[^>]*>|&\w+;/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

const TAGS =
  'h1 h2 h3 h4 h5 h6 p ul ol li pre code span strong em del a table thead tbody tr th td blockquote hr br';

const SAFE: sanitize.IOptions = {
  allowedTags: TAGS.split(' '),
  allowedAttributes: { a: ['href', 'rel'], '*': ['id'], ol: ['start'], th: ['align'], td: ['align'] },
  allowedClasses: { span: ['hljs-*'], li: ['promise'] },
  allowedSchemes: ['http', 'https'],
  allowProtocolRelative: false,
  transformTags: {
    '*': (tagName, attribs) => ({ tagName, attribs: withOurIds(attribs) }),
    // A file of the repository has no address here: its name stays, the link goes.
    a: (tagName, { href = '' }) =>
      /^(https?:\/\/|#)/.test(href)
        ? { tagName, attribs: { href, rel: 'noreferrer' } }
        : { tagName: 'span', attribs: {} },
  },
};

/** An id is an anchor of ours, or there is none: ids reach into scripts as names of elements. */
function withOurIds(attribs: sanitize.Attributes): sanitize.Attributes {
  const { id, ...others } = attribs;
  return id !== undefined && /^(?:[RQ]\d+|s-[a-z0-9-]+)$/.test(id) ? { ...others, id } : others;
}
