import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../catalog/temp-workbook.ts';
import { firstLine } from './first-line.ts';

const BASE = 'http://127.0.0.1:4001';

function lineOf(spec: string | null): string {
  const folder = temporaryFolder();
  if (spec !== null) writeFileSync(join(folder, 'README.md'), spec);
  return firstLine(folder, BASE);
}

test('is the first curl line of a block of code, at this address', () => {
  const spec = `Write \`curl\`.\n\`\`\`sh\nnpx tsx app.ts\n\`\`\`\n\`\`\`sh\nnode -e 1\ncurl -i http://127.0.0.1:4000/health\ncurl -i http://127.0.0.1:4000/\n\`\`\`\n`;
  expect(lineOf(spec)).toBe(`curl -i ${BASE}/health`);
});

test('has no remark behind it, which zsh would send', () => {
  expect(lineOf('```sh\ncurl -d \'{"a":"# b"}\' http://127.0.0.1:4000/x   # R4: 400\n```\n')).toBe(
    `curl -d '{"a":"# b"}' ${BASE}/x`,
  );
});

test.each([
  ['no spec', null],
  ['a spec without one', '# Nothing\n'],
  ['one for another place', '```sh\ncurl https://example.com\n```\n'],
])('%s: the root is asked for', (_what, spec) => {
  expect(lineOf(spec)).toBe(`curl -i ${BASE}/`);
});
