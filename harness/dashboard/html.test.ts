import { expect, test } from 'vitest';
import { html, trusted } from './html.ts';

test('a value is text, whatever it holds', () => {
  const name = `<script>alert("1")</script> & 'more' \`ticks\``;
  const text = html`<a title="${name}">${name}</a>`.text;
  expect(text.match(/[<>]/g)).toHaveLength(4);
  expect(text).toContain('&#60;script&#62;');
  expect(text).not.toContain(`'more'`);
});

test('templates go into templates, lists are joined, and nothing is nothing', () => {
  const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
  // prettier-ignore
  const made = html`<ul>${items}</ul>${null}${false}${undefined}${0}`;
  expect(made.text).toBe('<ul><li>a</li><li>&#60;b&#62;</li></ul>0');
});

test('an object that looks like HTML is not taken for it', () => {
  const forged = JSON.parse('{"text":"<script>"}') as never;
  expect(() => html`${forged}`).toThrow(TypeError);
  expect(html`${trusted('<b>')}`.text).toBe('<b>');
});
