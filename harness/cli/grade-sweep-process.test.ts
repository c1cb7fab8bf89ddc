import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { writeFiles } from '../catalog/temp-workbook.ts';
import { loadExercise } from '../catalog/load-exercise.ts';
import { digestFiles } from '../catalog/editable.ts';
import { parseGradebook } from '../grade/gradebook/gradebook.ts';
import type { Gradebook } from '../grade/gradebook/gradebook.ts';
import { Crew } from '../grade/sweep/crew.ts';
import { Ledger } from '../grade/sweep/ledger.ts';
import { nodeVersion } from '../grade/sweep/work.ts';
import type { Work } from '../grade/sweep/work.ts';
import { BuiltWorkbook } from './testing/built-workbook.ts';
import type { Ended } from './testing/built-workbook.ts';
import { FIRST, PROGRAMS } from './testing/made-exercises.ts';

/** The whole way of a class, as processes. */
let workbook: BuiltWorkbook;
let place: string;

const SLOW = 120_000;
const STUDENTS = ['s-1', 's-2', 's-3', 's-4', 's-5', 's-6'];
const KILLS = 5;

beforeAll(async () => {
  workbook = await BuiltWorkbook.built();
}, SLOW);
beforeEach(() => {
  workbook.restore();
  place = join(workbook.root, '..', 'class');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  const programs = [PROGRAMS.right, PROGRAMS.core, PROGRAMS.stub];
  for (const [index, student] of STUDENTS.entries()) {
    const program = `${programs[index % 3]}// ${student}\n`;
    writeFiles(join(place, 'subs', student), { [`exercises/${FIRST}/src/double.ts`]: program });
  }
  writeFileSync(
    join(place, 'roster.csv'),
    ['student,repo', ...STUDENTS.map((s) => `${s},subs/${s}`), ''].join('\n'),
  );
});
afterAll(() => workbook.remove());

const words = (out: string, more: readonly string[] = []): string[] => [
  'grade',
  '--roster',
  join(place, 'roster.csv'),
  '--exercise',
  FIRST,
  '--isolation',
  'permission',
  '--lanes',
  '2',
  '--out',
  join(place, out),
  ...more,
];

async function sweep(out: string, more: readonly string[] = []): Promise<Ended> {
  return await workbook.run(words(out, more));
}

function gradebook(out: string): Gradebook {
  const read = parseGradebook(JSON.parse(readFileSync(join(place, out, 'grades.json'), 'utf8')));
  if (!read.ok) throw new Error(read.problem);
  return read.gradebook;
}

/** What has to be the same whenever and however often it was judged. */
const lasting = (out: string): unknown =>
  JSON.parse(JSON.stringify(gradebook(out), (key, value: unknown) => (key === 'at' ? '' : value)));

/** To repeat a failure: the seed that it shows. */
const seed = Number(process.env['KILL_SEED'] ?? randomInt(2 ** 31));

test(
  'a class is marked, and killed at random moments it ends with the same marks',
  async () => {
    const calm = await sweep('calm');
    expect(calm).toMatchObject({ code: 0, err: '' });
    expect(calm.out).toContain(`${FIRST}  4 passed · 2 not passed`);
    expect(readdirSync(join(place, 'calm')).toSorted()).toEqual(
      expect.arrayContaining(['grades.json', 'submissions', 'verdicts']),
    );
    for (let kill = 0; kill < KILLS; kill++) {
      const child = workbook.spawn(workbook.commandLine(words('wild')), { stdio: 'ignore' });
      const late = setTimeout(() => child.kill('SIGKILL'), (seed * (kill + 1)) % 2_000);
      await once(child, 'exit');
      clearTimeout(late);
    }
    expect(await sweep('wild'), `KILL_SEED=${seed}`).toMatchObject({ code: 0, err: '' });
    expect(lasting('wild'), `KILL_SEED=${seed}`).toEqual(lasting('calm'));
    const again = await sweep('wild');
    expect(again.out).toContain('0 judged now');
  },
  SLOW,
);

test(
  'Ctrl-C ends everything that was started, and says how to go on',
  async () => {
    const child = workbook.spawn(workbook.commandLine(words('stopped')));
    let err = '';
    child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()));
    // What opens the ledger goes on without a pause to where it can be told how to go on.
    const opened = join(place, 'stopped', '.sweep', 'ledger.sqlite-wal');
    while (!existsSync(opened)) await new Promise((resolve) => setImmediate(resolve));
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(130);
    expect(err).toContain('the same command goes on from here');
    expect((await sweep('stopped')).code).toBe(0);
    expect(workbook.leftovers()).toEqual([]);
  },
  SLOW,
);

test(
  'two sweeps never work on one folder at once',
  async () => {
    const held = Ledger.open(join(place, 'both'));
    if (!held.ok) throw new Error(held.message);
    const refused = await sweep('both');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('Another sweep works on the folder of --out right now');
    held.ledger.close();
    expect((await sweep('both')).code).toBe(0);
  },
  SLOW,
);

describe('lanes', () => {
  const work = (program: string): Work => {
    const loaded = loadExercise(workbook.root, FIRST);
    if (!loaded.ok) throw new Error(FIRST);
    const files = new Map([['src/double.ts', program]]);
    const parts = { exercise: FIRST, files: digestFiles(files), suite: '', harness: '', node: nodeVersion() };
    return { key: '', parts: { ...parts, isolation: 'permission' }, files, first: null };
  };

  test(
    'one that is ended loses what it judged and nothing else, and is replaced',
    async () => {
      const build = join(workbook.root, '.workbook', 'build');
      const crew = new Crew({ root: workbook.root, build, harness: '1.0.0', width: 1 });
      try {
        expect(await crew.judge(0, work(PROGRAMS.right))).toMatchObject({ verdict: { status: 'passed' } });
        const asked = crew.judge(0, work(PROGRAMS.hanging));
        const [pid] = crew.pids;
        process.kill(pid ?? 0, 'SIGKILL');
        expect(await asked).toMatchObject({ kind: 'lost', why: expect.stringContaining('unexpectedly') });
        expect(await crew.judge(0, work(PROGRAMS.core))).toMatchObject({ verdict: { points: 1 } });
        expect(crew.pids).not.toContain(pid);
      } finally {
        await crew.close();
      }
      expect(crew.pids).toEqual([]);
    },
    SLOW,
  );

  test(
    'one that hangs is ended after its time',
    async () => {
      const build = join(workbook.root, '.workbook', 'build');
      const crew = new Crew({ root: workbook.root, build, harness: '1.0.0', width: 1, within: 1 });
      try {
        expect(await crew.judge(0, work(PROGRAMS.hanging))).toMatchObject({ kind: 'lost' });
      } finally {
        await crew.close();
      }
    },
    SLOW,
  );
});
