import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import dockerfile from 'highlight.js/lib/languages/dockerfile';
import json from 'highlight.js/lib/languages/json';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';
import { html, trusted } from './html.ts';
import type { Html } from './html.ts';

const LANGUAGES = { bash, dockerfile, json, sql, typescript, yaml };
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

/** Longer texts stay plain: nobody reads so much in colour, and highlighting takes time. In UTF-16 units. */
const LONGEST = 60_000;

/** Code as HTML, with `<span class="hljs-…">` around what has a colour. `language`: as after the fence in Markdown. */
export function highlight(code: string, language: string | null): Html {
  const known = language === null ? undefined : hljs.getLanguage(language);
  if (known === undefined || language === null || code.length > LONGEST) return html`${code}`;
  return trusted(hljs.highlight(code, { language, ignoreIllegals: true }).value);
}

/** The language of a file, by its name; null: unknown. */
export function languageOf(path: string): string | null {
  if (/(^|\/)Dockerfile/.test(path)) return 'dockerfile';
  const extension = /\.([a-z]+)$/.exec(path)?.[1] ?? '';
  return BY_EXTENSION[extension] ?? null;
}

const BY_EXTENSION: Readonly<Record<string, string>> = {
  ts: 'typescript',
  mts: 'typescript',
  js: 'typescript',
  mjs: 'typescript',
  sql: 'sql',
  json: 'json',
  sh: 'bash',
  yml: 'yaml',
  yaml: 'yaml',
};
