import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listExercises } from '../catalog/catalog.ts';
import { makeEdition } from './edition.ts';
import type { EditionMade } from './edition.ts';
import { LEARNER_COMMANDS } from './harness-files.ts';
import { filesBelow, install, runWatched, seen } from './testing/installed.ts';

/** What the programs of 04 use. */
const USED = ['express', 'jsonwebtoken', 'bcryptjs', 'better-sqlite3'];

const HERE = process.cwd();
const known = new Set(filesBelow(HERE));
const base = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-edition-'));
const place = { root: join(base, 'class'), temp: join(base, 'temp') };
let edition: EditionMade;

/** The marks of all hidden files of this workbook. */
const canaries = [...known]
  .filter((path) => /^exercises\/[^/]+\/hidden\/.*\.ts$/.test(path))
  .map((path) => /^\/\/ canary (\S+)$/m.exec(readFileSync(join(HERE, path), 'utf8'))?.[1] ?? 'none');

/** Lines that only a solution of 04 has, and one that only its suite has. */
const solution = readFileSync(join(HERE, 'solutions/04-jwt/src/tokens.ts'), 'utf8');
const stub = readFileSync(join(HERE, 'solutions/04-jwt/stub/src/tokens.ts'), 'utf8');
const lines = solution.split('\n').filter((line) => line.trim().length > 50 && !stub.includes(line.trim()));

beforeAll(async () => {
  mkdirSync(place.temp);
  const listed = listExercises(HERE);
  if (!listed.ok) throw new Error(listed.problem.message);
  const exercises = listed.exercises.flatMap((each) =>
    each.ok && /^0[14]-/.test(each.id) ? [each.exercise] : [],
  );
  const held = new Map([['04-jwt', new Set(['R12', 'R15'])]]);
  const made = await makeEdition({ root: HERE, out: place.root, exercises, held, env: {}, known });
  if (made.kind !== 'made') throw new Error(JSON.stringify(made));
  edition = made.edition;
  install(place.root, USED);
}, 240_000);

afterAll(() => rmSync(base, { recursive: true, force: true, maxRetries: 3 }));

describe('an edition of this workbook', () => {
  test('has no canary and no line of a solution in any file, and neither tests nor tools of authors', () => {
    expect(canaries.length).toBeGreaterThan(20);
    expect(canaries).not.toContain('none');
    expect(lines.length).toBeGreaterThan(5);
    expect(seen([place.root], [...canaries, ...lines])).toEqual([]);
    const names = filesBelow(place.root);
    expect(edition.files).toBe(names.length);
    const others =
      /\.test\.ts$|\/(testing|corpus|mistakes|broken|variants|expected|templates)\/|^harness\/(attack|edition|scaffold|screencast|verify)\/|^harness\/cli\/(attack|bench|edition|grade|matrix|new|screencast|verify)\.ts|^\.ci|CONTRIBUTING|grade\.yml|^solutions\/[^/]+\/src/;
    expect(names.filter((name) => others.test(name))).toEqual([]);
    expect(readdirSync(join(place.root, 'scripts')).toSorted()).toEqual(
      LEARNER_COMMANDS.map((name) => `${name}.ts`).toSorted(),
    );
  });

  test('judges a program without ever having a line of a suite on the disk; its solution waits for the pass', async () => {
    const unlocked = await runWatched(place, ['unlock', '04-jwt'], []);
    expect({ code: unlocked.code, err: unlocked.err }).toEqual({ code: 0, err: '' });
    const early = await runWatched(place, ['solution', '04-jwt'], []);
    expect(early).toMatchObject({ code: 2, out: '' });
    expect(early.err).toContain('You have not passed 04-jwt yet.');

    const src = join(place.root, 'exercises', '04-jwt', 'src');
    cpSync(join(HERE, 'solutions/04-jwt/src'), src, { recursive: true });
    const checked = await runWatched(place, ['check', '04-jwt'], canaries);
    expect(checked.out).toContain('passed: 9 of 9 core · 11 of 11 extra');
    expect(checked.out).not.toMatch(/R12|R15/);
    expect(checked).toMatchObject({ code: 0, err: '', seen: [] });
    expect(checked.looks).toBeGreaterThan(3);
    expect(seen([place.root, place.temp], canaries)).toEqual([]);

    const shown = await runWatched(place, ['solution', '04-jwt', '--file', 'src/tokens.ts'], []);
    expect(shown).toMatchObject({ code: 0, out: solution, err: '' });
    // The search itself can find.
    writeFileSync(join(place.temp, 'x'), `// canary ${canaries[0]}`);
    expect(seen([place.temp], canaries)).toHaveLength(1);
  }, 240_000);
});
