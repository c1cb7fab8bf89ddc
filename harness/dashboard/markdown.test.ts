import { describe, expect, test } from 'vitest';
import { renderMarkdown } from './markdown.ts';

const spec = (text: string): string => renderMarkdown(text, { level: 2, rules: true }).text;

test('each rule has an anchor, and headings have one too', () => {
  const made = spec('## Core rules\n\n- **R1** GET works *(RFC 9110)*\n- no rule\n');
  expect(made).toContain('<li class="promise" id="R1"><strong>R1</strong> GET works');
  expect(made).toContain('<h3 id="s-core-rules">');
  expect(made.match(/id="/g)).toHaveLength(2);
});

test('code in a known language is highlighted; other code stays text', () => {
  expect(spec('```sql\nSELECT 1\n```\n')).toContain('<span class="hljs-keyword">SELECT</span>');
  expect(spec('    curl -i http://x/<y>\n')).toContain('<pre><code>curl -i http://x/&lt;y&gt;');
});

test('a comment is left out, and a tag in prose is seen', () => {
  expect(spec('a <!-- note --> b <id> c\n')).toBe('<p>a  b &lt;id&gt; c</p>\n');
});

describe('nothing in a text becomes a script', () => {
  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '<a href="vbscript:x" onclick="alert(1)">x</a>',
    '![x](http://example.com/x.png"onerror="alert(1))',
    '<style>*{background:url(//evil.example)}</style>',
    '```"><script>alert(1)</script>\ncode\n```',
    '- **R1** <svg onload=alert(1)>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  ])('%s', (text) => {
    const tags = spec(text).match(/<[^>]*>/g) ?? [];
    expect(tags.join('')).not.toMatch(/<(script|img|svg|style|iframe)|\son\w+=|(javascript|data|vbscript):/i);
  });
});

test('a link to a file of the repository is only its name', () => {
  expect(spec('see [the data](shop.sql) and [RFC](https://www.rfc-editor.org/rfc/rfc9110)\n')).toBe(
    '<p>see <span>the data</span> and <a href="https://www.rfc-editor.org/rfc/rfc9110" rel="noreferrer">RFC</a></p>\n',
  );
});

test('an id that is no anchor of ours is taken away', () => {
  expect(spec('# token\n')).toContain('id="s-token"');
  expect(spec('- **X1** x\n')).not.toContain('id=');
});
