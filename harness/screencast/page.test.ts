import { expect, test } from 'vitest';
import { placed } from './page.ts';

const PAGE = `# A\n\n<!-- made by npm run screencast -->\nold\n<!-- end of what npm run screencast made -->\n\nlast\n`;

test('what was played takes the place of what stood between the marks', () => {
  const once = placed(PAGE, 'new\n');
  expect(once).toEqual({
    ok: true,
    text: expect.stringMatching(/^# A\n[^]*-->\n\nnew\n\n<!-- end[^]*last\n$/),
  });
  expect(once.ok && once.text).not.toContain('old');
});

test('playing twice changes nothing more', () => {
  const once = placed(PAGE, 'new\n');
  if (!once.ok) throw new Error(once.message);
  expect(placed(once.text, 'new\n')).toEqual(once);
});

test('a page without the marks is told how to get them', () => {
  expect(placed('# A\n', 'new\n')).toMatchObject({
    ok: false,
    message: expect.stringContaining('<!-- made by'),
  });
});
