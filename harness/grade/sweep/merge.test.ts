import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { harmlessJson } from '../../verdict/json.ts';
import { Ledger } from './ledger.ts';
import { mergeShards } from './merge.ts';
import type { Merged } from './merge.ts';
import { digestOfAssignment, isInShard, shardOf } from './shard.ts';
import type { ShardFile } from './shard.ts';
import { ASSIGNMENT, FIRST, MadeClass, PROGRAMS } from './testing/made-class.ts';
import { nodeVersion } from './work.ts';

const STUDENTS = ['s-1', 's-2', 's-3', 's-4', 's-5', 's-6', 's-7'];
const COUNT = 3;

/** A class that was swept whole, and in shards. */
async function sharded(): Promise<{
  made: MadeClass;
  folders: string[];
  merge: () => Merged;
  merged: string;
}> {
  const made = new MadeClass();
  const programs = [PROGRAMS.right, PROGRAMS.core, PROGRAMS.stub];
  for (const [index, student] of STUDENTS.entries())
    made.submit(student, FIRST, `${programs[index % 3]}// ${student}`);
  const rows = STUDENTS.map((student) => `${student},${student}`);
  await made.sweep(rows);
  const folders: string[] = [];
  for (let index = 1; index <= COUNT; index++) {
    const shard = { index, count: COUNT };
    const out = `${made.out}-${index}`;
    const mine = STUDENTS.filter((student) => isInShard(student, shard));
    const { judgedWith } = await made.sweep(
      mine.map((student) => `${student},${student}`),
      { out },
    );
    const file: ShardFile = {
      schema: 1,
      shard,
      roster: STUDENTS,
      assignment: digestOfAssignment(ASSIGNMENT),
      ...judgedWith,
      node: nodeVersion(),
      isolation: 'permission',
    };
    writeFileSync(join(out, 'shard.json'), harmlessJson(file));
    folders.push(out);
  }
  const merged = `${made.out}-merged`;
  const merge = (): Merged => {
    const ledger = Ledger.open(merged);
    if (!ledger.ok) throw new Error(ledger.message);
    try {
      return mergeShards(folders, merged, ledger.ledger);
    } finally {
      ledger.ledger.close();
    }
  };
  return { made, folders, merge, merged };
}

/** Every file of a folder but the ledger, with its text. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return Object.fromEntries(
    names
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('.sweep'))
      .map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]),
  );
}

/** Changes a JSON file by its text. */
function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`nothing changed in ${path}`);
  writeFileSync(path, after);
}

test('shards that are joined are the class that one machine judged, file for file', async () => {
  const { made, merge, merged } = await sharded();
  expect(merge()).toMatchObject({ ok: true });
  expect(filesOf(merged)).toEqual(filesOf(made.out));
  expect(merge()).toMatchObject({ ok: true });
});

test('every student is in one shard, whoever else is in the roster', () => {
  for (const student of STUDENTS) {
    const at = [1, 2, 3, 4, 5].filter((index) => isInShard(student, { index, count: 5 }));
    expect(at).toHaveLength(1);
  }
  expect(['2/5', '1/1', '0/5', '6/5', '2', '2/', '-1/5', '2/5/6'].map(shardOf)).toEqual([
    { index: 2, count: 5 },
    { index: 1, count: 1 },
    ...Array.from({ length: 6 }, () => null),
  ]);
});

describe('what is refused', () => {
  const owner = (folders: readonly string[]): { student: string; folder: string } => {
    const at = [1, 2, 3].find((index) => isInShard('s-1', { index, count: COUNT })) ?? 1;
    return { student: 's-1', folder: folders[at - 1] ?? '' };
  };

  test.each<[string, RegExp, (folders: string[]) => void]>([
    ['one is missing', /3\/3 of the shards is missing/, (folders) => void folders.pop()],
    ['one is there twice', /1\/3 is there twice/, (folders) => void folders.push(folders[0] ?? '')],
    ['no shard', /cannot be merged\. shard\.json/, (folders) => rmSync(join(folders[0] ?? '', 'shard.json'))],
    [
      'another harness and Node.js',
      /different programs that judge \(the harness\), versions of Node\.js\. Sweep/,
      ([folder = '']) =>
        edit(join(folder, 'shard.json'), (text) =>
          text.replace(/"harness": "\w+"/, '"harness": "x"').replace(/"node": "[\d.]+"/, '"node": "1.1"'),
        ),
    ],
    [
      'a mark that was judged with something else',
      /was judged with something else than it says/,
      (folders) =>
        edit(join(owner(folders).folder, 'grades.json'), (text) =>
          text.replace(/"suiteDigest": "\w+"/, `"suiteDigest": "${'a'.repeat(64)}"`),
        ),
    ],
    [
      'a student who leads out of the folder',
      /is not in its roster/,
      (folders) =>
        edit(join(owner(folders).folder, 'grades.json'), (text) => text.replaceAll('"s-1"', '"../../x"')),
    ],
    [
      'a verdict on something else',
      /is the verdict on something else/,
      (folders) =>
        edit(join(owner(folders).folder, 'verdicts', 's-1', `${FIRST}.json`), (text) =>
          text.replace(/"files": "\w+"/, '"files": "x"'),
        ),
    ],
    [
      'other files than were judged',
      /holds other files than were judged/,
      (folders) =>
        edit(join(owner(folders).folder, 'submissions', 's-1', `${FIRST}.json`), (text) =>
          text.replace('double', 'triple'),
        ),
    ],
    [
      'a gradebook that is none',
      /grades\.json is no gradebook/,
      ([folder = '']) => writeFileSync(join(folder, 'grades.json'), '{}'),
    ],
  ])('%s', async (_what, message, damage) => {
    const { folders, merge } = await sharded();
    damage(folders);
    const merged = merge();
    expect(merged.ok ? 'merged' : merged.message).toMatch(message);
  });
});
