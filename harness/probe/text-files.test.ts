import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readText } from './text.ts';
import type { DockerInstruction } from './text-messages.ts';

const place = { build: join(process.cwd(), '.workbook', 'build') };

async function instructionsOf(text: string): Promise<DockerInstruction[]> {
  const read = await readText(place, { op: 'dockerfile', text });
  if (!read.ok) throw new Error(read.why);
  return read.value as DockerInstruction[];
}

test('instructions of a Dockerfile come with flags, words, exec forms, here-documents and lines', async () => {
  const read = await instructionsOf(`# syntax=docker/dockerfile:1
from --platform=$BUILDPLATFORM node:22-alpine as build
ENV A=b C="d e"
ENV X some value
COPY --chown=node:node --link package*.json \\
   # within
   ./
RUN --mount=type=cache,target=/root/.npm npm ci && \\
    npm cache clean --force
COPY ["app", "./"]
RUN <<EOF
set -e
npm run build
EOF
CMD ["node", 'dist/server.js']
`);
  expect(read.map(({ keyword, line }) => [keyword, line])).toEqual([
    ['FROM', 2],
    ['ENV', 3],
    ['ENV', 4],
    ['COPY', 5],
    ['RUN', 8],
    ['COPY', 10],
    ['RUN', 11],
    ['CMD', 15],
  ]);
  expect(read[0]).toMatchObject({
    flags: [{ name: 'platform', value: '$BUILDPLATFORM' }],
    words: ['node:22-alpine', 'as', 'build'],
  });
  expect(read[1]?.pairs).toEqual([
    { name: 'A', value: 'b' },
    { name: 'C', value: 'd e' },
  ]);
  expect(read[2]?.pairs).toEqual([{ name: 'X', value: 'some value' }]);
  expect(read[3]).toMatchObject({ words: ['package*.json', './'], exec: null });
  expect(read[4]?.text).toMatch(/^npm ci && +npm cache clean --force$/);
  expect(read[5]).toMatchObject({ words: ['app', './'], exec: ['app', './'] });
  expect(read[6]?.text).toBe('set -e\nnpm run build');
  // Single quotes are no JSON: a shell runs this one.
  expect(read[7]?.exec).toBeNull();
});

test('a here-document is the text of a RUN only where a shell reads it', async () => {
  const read = await instructionsOf(
    'FROM node:22\nRUN <<EOF\nnpm ci\nEOF\nRUN cat <<EOF > .npmrc && npm ci\naudit=false\nEOF\n',
  );
  expect(read[1]).toMatchObject({ text: 'npm ci', documents: ['npm ci'] });
  expect(read[2]).toMatchObject({ text: 'cat  > .npmrc && npm ci', documents: ['audit=false'] });
});

test.each([
  ['an instruction that there is not', 'FROM node:22\nINSTALL express\n', 2],
  ['a file without FROM', 'RUN npm ci\n', 1],
  ['an instruction without what it needs', 'FROM node:22\nCOPY package.json\n', 2],
])('%s is named with its line', async (_what, text, line) => {
  expect(await readText(place, { op: 'dockerfile', text })).toMatchObject({ ok: false, line });
});

test('flags that are newer than the parser are no mistake', async () => {
  const read = await instructionsOf('FROM node:22\nCOPY --parents --exclude=*.md --from=x a b\n');
  expect(read[1]?.flags.map(({ name }) => name)).toEqual(['parents', 'exclude', 'from']);
});

test.each([
  ['node_modules', ['node_modules', 'node_modules/a/b.js', 'app/node_modules/a.js'], [true, true, false]],
  ['**/node_modules', ['node_modules/a', 'app/node_modules/a.js'], [true, true]],
  ['/.git/\n# logs\n*.log', ['.git/config', 'a.log', 'logs/a.log'], [true, true, false]],
  ['.env*\n!.env.example', ['.env', '.env.local', '.env.example'], [true, true, false]],
  ['*\n!app\n!package*.json', ['app/server.ts', 'package.json', '.env', 'x/y'], [false, false, true, true]],
  ['{a,b}\n+(c)', ['a', 'b', 'c'], [false, false, false]],
])('a .dockerignore of %j leaves out what Docker would', async (text, paths, left) => {
  expect(await readText(place, { op: 'ignore', text, paths })).toMatchObject({ ok: true, value: left });
});

test('a Compose file is held against the specification, and the place is named', async () => {
  const good =
    'services:\n  api:\n    build: .\n    depends_on:\n      db: { condition: service_healthy }\n  db:\n    image: postgres:18\n';
  expect(await readText(place, { op: 'compose', text: good })).toMatchObject({
    ok: true,
    value: { problems: [], file: { services: { db: { image: 'postgres:18' } } } },
  });
  const bad = 'services:\n  api:\n    build: .\n    restart_always: true\n';
  expect(await readText(place, { op: 'compose', text: bad })).toMatchObject({
    ok: true,
    value: { problems: [{ path: '/services/api', message: 'there is no key "restart_always" here' }] },
  });
});
