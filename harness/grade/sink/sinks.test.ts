import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { csvField } from './csv.ts';
import { htmlText } from './html.ts';
import { markdownBlock, markdownCode } from './markdown.ts';
import { annotation } from './workflow-command.ts';
import { xmlText } from './xml.ts';

/** Pieces that mean something to one reader or another, among any other text, halves of characters included. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<script>',
        '</code>',
        '</pre>',
        ']]>',
        '<![CDATA[',
        '&amp;',
        '&#60;',
        '"',
        "'",
        '`',
        '```',
        '~~~~',
        '|',
        '\n\n',
        '\n',
        '\r',
        '\t',
        '\0',
        '\x1b[2J',
        '\x1b]0;x\x07',
        '\u202e',
        '\u2066',
        '\u2028',
        '\ud800',
        '\udfff',

        '::stop-commands::x',
        '::error::',
        '::set-output name=x::',
        '##[error]',
        '%0A',
        '%',
        ':',
        ',',
        '@everyone',

        '[x](javascript:alert(1))',
        '![x](https://example.test)',
        'https://example.test',
        '#1',
        '=1+1',
        '+',
        '-1',
        '=cmd|x',
        '\uff1d1',
        '\ufffe',
        '\uffff',
        '\\',
        '*_',
        '<!--',
        '$(x)',
        '{{ x }}',
        '${{ x }}',
      ),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''));

const unseen = /(?![\n\t])[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** Whether a text holds anything that a reader of XML takes for markup, and what it reads. Throws where it is not XML. */
function readXml(document: string): { tags: string[]; text: string; attribute: string } {
  const read = { tags: [] as string[], text: '', attribute: '' };
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    read.tags.push(name);
    read.attribute += String(attributes['a'] ?? '');
  });
  parser.on('text', (text) => (read.text += text));
  parser.write(document).close();
  return read;
}

describe('XML', () => {
  test('any text is read back as one and the same text, in a tag and in an attribute', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const safe = xmlText(text);
        const { tags, text: inside, attribute } = readXml(`<x a="${safe}">${safe}</x>`);
        expect(tags).toEqual(['x']);
        expect(inside).toBe(attribute);
        expect(inside).not.toMatch(unseen);
      }),
    );
  });

  test('plain text is not changed for who reads it', () => {
    expect(readXml(`<x a="">${xmlText('a < b & "c"\n]]>')}</x>`).text).toBe('a < b & "c"\n]]>');
  });
});

describe('HTML and Markdown', () => {
  test('any text is without a sign that begins markup', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(htmlText(text)).not.toMatch(/[<>"'`=]|&(?!#\d+;)/);
        expect(htmlText(text)).not.toMatch(unseen);
      }),
    );
  });

  test('any text is one line of Markdown, of letters and references alone', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        for (const markdown of [markdownCode(text), markdownBlock(text)]) {
          const [, inside] = /^<(?:code|pre)>(.*)<\/(?:code|pre)>$/su.exec(markdown) ?? [];
          expect(inside).toMatch(/^(?:[\p{L}\p{N}\p{M} ]|&#\d+;)*$/u);
        }
      }),
    );
  });

  test('who looks at the page reads the text', () => {
    const shown = markdownCode('GET /a|b @ada').replace(/&#(\d+);/g, (_, code) =>
      String.fromCodePoint(Number(code)),
    );
    expect(shown).toBe('<code>GET /a|b @ada</code>');
  });
});

describe('CSV', () => {
  test('any text is one field, and no formula', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const field = csvField(text);
        const [, inside = ''] = /^"(.*)"$/su.exec(field) ?? [];
        expect(inside.replaceAll('""', '')).not.toContain('"');
        expect(inside).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u);
        expect(inside).not.toMatch(unseen);
      }),
    );
  });

  test('numbers stay numbers', () => {
    expect([csvField(-3), csvField(4.5), csvField(Number.NaN)]).toEqual(['-3', '4.5', '']);
    expect(csvField('-3')).toBe('"\'-3"');
  });
});

describe('workflow commands', () => {
  test('any text stays within the one command', () => {
    fc.assert(
      fc.property(hostile, hostile, hostile, (title, message, file) => {
        const line = annotation('error', title, message, { file, line: 3 });
        expect(line).not.toMatch(/[\r\n]/);
        expect(line).not.toMatch(unseen);
        // What the runner does: properties up to the first `::`, split at commas, then decoded.
        const [, properties = ''] = /^::error (.*?)::/s.exec(line) ?? [];
        expect(properties.split(',').map((each) => each.split('=')[0])).toEqual(['file', 'line', 'title']);
        expect(line.replace(/%(?:25|0D|0A|3A|2C)/g, '')).not.toContain('%');
      }),
    );
  });

  test('plain text is not changed for who reads it', () => {
    expect(annotation('warning', 'a: b, c', '100 %\nof it')).toBe(
      '::warning title=a%3A b%2C c::100 %25%0Aof it',
    );
  });
});
