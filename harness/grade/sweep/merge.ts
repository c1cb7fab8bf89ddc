import { join } from 'node:path';
import { z } from 'zod';
import { digestFiles } from '../../catalog/editable.ts';
import { quoted } from '../../catalog/printable.ts';
import { failureText, readTextFile } from '../../catalog/regular-file.ts';
import { harmlessJson, renderJson } from '../../verdict/json.ts';
import { parseVerdict } from '../../verdict/verdict.ts';
import { DETAILS } from '../detail.ts';
import { parseGradebook } from '../gradebook/gradebook.ts';
import type { Gradebook, StudentGrade } from '../gradebook/gradebook.ts';
import type { Ledger } from './ledger.ts';
import { submissionPath, verdictPath } from './marks.ts';
import { removeOut, writeOut } from './out.ts';
import { isInShard, shardFile } from './shard.ts';
import type { ShardFile } from './shard.ts';

/** No file of a shard is larger, in bytes. */
const LARGEST = 256 * 1024 * 1024;

const submission = z.strictObject({ files: z.record(z.string(), z.string()) });

type Part = { folder: string; file: ShardFile; gradebook: Gradebook };

export type Merged = { ok: true; gradebook: Gradebook } | { ok: false; message: string };

/**
 * Joins what the shards of a class left into one folder, as if one machine had judged them all. What lies in the folders is
 * data from elsewhere: all of it is read by its schema, names are held against the roster, files against their digests, and
 * no ledger of theirs is opened. Shards that differ in what they were judged with are refused.
 *
 * `folders`: absolute. `ledger`: of `out`, which it keeps from other sweeps.
 */
export function mergeShards(folders: readonly string[], out: string, ledger: Ledger): Merged {
  try {
    const parts = folders.map(readPart);
    const problem = differences(parts) ?? gaps(parts);
    if (problem !== null) return { ok: false, message: problem };
    const [first] = parts;
    if (first === undefined) return { ok: false, message: 'Which folders? Name them: --merge DIR DIR' };
    const current = new Set<string>();
    const students = new Map<string, StudentGrade>();
    for (const part of parts) {
      for (const student of part.gradebook.students) {
        checkStudent(student, part, students);
        copyFiles(student, part, out, current);
        students.set(student.student, student);
      }
    }
    const gradebook: Gradebook = {
      ...first.gradebook,
      at:
        parts
          .map(({ gradebook: { at } }) => at)
          .toSorted()
          .at(-1) ?? first.gradebook.at,
      detail:
        DETAILS[Math.max(...parts.map(({ gradebook: { detail } }) => DETAILS.indexOf(detail)))] ?? 'score',
      students: first.file.roster.flatMap((student) => students.get(student) ?? []),
    };
    writeOut(out, 'grades.json', harmlessJson(gradebook));
    settle(ledger, out, current);
    return { ok: true, gradebook };
  } catch (error) {
    if (error instanceof BadShard) return { ok: false, message: error.message };
    throw error;
  }
}

/** A folder that is no shard, or holds what none may hold. The message says which, and what to do. */
class BadShard extends Error {}

function readPart(folder: string): Part {
  const file = shardFile.safeParse(json(folder, 'shard.json'));
  if (!file.success) throw bad(folder, `shard.json is none: ${z.prettifyError(file.error)}`);
  const read = parseGradebook(json(folder, 'grades.json'));
  if (!read.ok) throw bad(folder, `grades.json is no gradebook: ${read.problem}`);
  return { folder, file: file.data, gradebook: read.gradebook };
}

function json(folder: string, path: string): unknown {
  const read = readTextFile(join(folder, path), LARGEST);
  if (!read.ok) throw bad(folder, `${path}: ${failureText(read, LARGEST)} ${SHARD}`);
  try {
    return JSON.parse(read.text);
  } catch {
    throw bad(folder, `${path} is no JSON.`);
  }
}

/** What the shards were judged with has to be the same; null: it is. */
function differences(parts: readonly Part[]): string | null {
  const shape = ({ gradebook: { assignment } }: Part): string => JSON.stringify(assignment);
  const known: [what: string, of: (part: Part) => string][] = [
    ['assignments', ({ file }) => file.assignment],
    ['assignments', shape],
    [
      'suites',
      ({ file }) =>
        JSON.stringify(
          Object.entries(file.suites)
            .map((each) => each.join(' '))
            .toSorted(),
        ),
    ],
    ['programs that judge (the harness)', ({ file }) => file.harness],
    ['versions of Node.js', ({ file }) => file.node],
    ['levels of isolation', ({ file }) => file.isolation],
    ['levels of isolation', ({ gradebook }) => gradebook.isolation],
    ['rosters', ({ file }) => JSON.stringify(file.roster)],
    ['numbers of shards', ({ file }) => String(file.shard.count)],
  ];
  const differ = known.filter(([, of]) => new Set(parts.map(of)).size > 1).map(([what]) => what);
  if (differ.length === 0) return null;
  return `These shards do not belong together: they have different ${[...new Set(differ)].join(', ')}. Sweep all of them with the same workbook, assignment and roster.`;
}

function gaps(parts: readonly Part[]): string | null {
  const indexes = parts.map(({ file }) => file.shard.index);
  const count = parts[0]?.file.shard.count ?? 0;
  const twice = indexes.find((index, at) => indexes.indexOf(index) !== at);
  if (twice !== undefined) return `The shard ${twice}/${count} is there twice.`;
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter(
    (index) => !indexes.includes(index),
  );
  if (missing.length === 0) return null;
  return `${missing.map((index) => `${index}/${count}`).join(', ')} of the shards is missing. Sweep it, and name its folder as well.`;
}

function checkStudent(
  { student, exercises }: StudentGrade,
  part: Part,
  before: ReadonlyMap<string, unknown>,
): void {
  const { folder, file, gradebook } = part;
  if (!file.roster.includes(student)) throw bad(folder, `${quoted(student)} is not in its roster.`);
  if (!isInShard(student, file.shard) || before.has(student))
    throw bad(folder, `${quoted(student)} does not belong to it.`);
  const ids = gradebook.assignment.exercises.map(({ id }) => id);
  if (JSON.stringify(ids) !== JSON.stringify(exercises.map(({ id }) => id)))
    throw bad(folder, `${quoted(student)} has other exercises than the assignment.`);
  for (const { id, provenance: from, isolation } of exercises) {
    if (from === null) continue;
    const isSame = from.suiteDigest === file.suites[id] && from.harnessDigest === file.harness;
    if (!isSame || isolation !== file.isolation)
      throw bad(folder, `${id} of ${quoted(student)} was judged with something else than it says.`);
  }
}

/** Only files that the marks name are copied, to places that we name, and only if they are what the marks say. */
function copyFiles(
  { student, exercises }: StudentGrade,
  { folder }: Part,
  out: string,
  current: Set<string>,
): void {
  for (const { id, provenance: from, verdict } of exercises) {
    if (from === null || verdict === null) continue;
    const [judged, told] = [submissionPath(student, id), verdictPath(student, id)];
    const read = parseVerdict(json(folder, told));
    if (!read.ok) throw bad(folder, `${told} is no verdict: ${read.problem}`);
    if (read.verdict.exercise !== id || read.verdict.files !== from.filesDigest)
      throw bad(folder, `${told} is the verdict on something else.`);
    const files = submission.safeParse(json(folder, judged));
    if (!files.success) throw bad(folder, `${judged} is no submission: ${z.prettifyError(files.error)}`);
    if (digestFiles(new Map(Object.entries(files.data.files))) !== from.filesDigest)
      throw bad(folder, `${judged} holds other files than were judged.`);
    writeOut(out, told, renderJson(read.verdict));
    writeOut(out, judged, harmlessJson(files.data));
    for (const path of [told, judged]) current.add(path);
  }
}

/** What an earlier merge left and nobody has any more is taken away. A sweep in this folder would write all of it anew. */
function settle(ledger: Ledger, out: string, current: ReadonlySet<string>): void {
  ledger.together(() => {
    for (const path of ledger.stamped()) {
      if (path === 'grades.json' || current.has(path)) continue;
      removeOut(out, path);
      ledger.forgetStamp(path);
    }
    for (const path of [...current, 'grades.json']) ledger.keepStamp(path, 'merged');
  });
}

function bad(folder: string, why: string): BadShard {
  return new BadShard(`${quoted(folder)} cannot be merged. ${why}`);
}

const SHARD =
  'Name folders that `npm run grade -- --roster … --shard I/N --out DIR` has written to their end.';
