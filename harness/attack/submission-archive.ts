import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Headers } from 'tar-stream';
import { EXERCISE } from '../check/corpus/subject.ts';
import { zipOf } from '../grade/testing/zip.ts';
import type { ZipMember } from '../grade/testing/zip.ts';
import { solutionIn } from './submission.ts';
import type { Handed, SubmissionAttack } from './submission.ts';
import type { Place } from './ground.ts';

const UNPACKS_NOTHING = 'it unpacks nothing';

const PROGRAM = `exercises/${EXERCISE}/src/server.ts`;
/** A program of no use, so that there is one to judge. */
const USELESS = 'export {};\n';

function zipped(fork: string, members: readonly ZipMember[]): Handed {
  const submission = `${fork}.zip`;
  writeFileSync(submission, zipOf(members));
  return { submission, ref: null };
}

async function tarred(fork: string, members: readonly (Headers & { content?: string })[]): Promise<Handed> {
  const submission = `${fork}.tgz`;
  const tar = pack();
  const bytes = buffer(tar);
  for (const { content = '', ...header } of members) tar.entry(header, content);
  tar.finalize();
  writeFileSync(submission, gzipSync(await bytes));
  return { submission, ref: null };
}

/** Names that lead to the marker from wherever somebody may unpack. */
function climbing(fork: string, { marker }: Place): string[] {
  const up = relative(dirname(fork), marker);
  return [marker, up, `../${up}`, `../../${up}`, `${dirname(PROGRAM)}/../../../../${up}`];
}

/** Submissions that are archives. */
export const ARCHIVES: readonly SubmissionAttack[] = [
  {
    name: 'climbs-out-of-a-zip',
    tries: ['D2'],
    does: 'is a zip with names that lead out of it',
    make: (fork, _src, place) => {
      const names = climbing(fork, place);
      const all = [...names, ...names.map((name) => name.replaceAll('/', '\\'))];
      return zipped(fork, [
        { name: PROGRAM, content: USELESS },
        ...all.map((name) => ({ name, content: 'owned' })),
      ]);
    },
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
  {
    name: 'climbs-out-of-a-tar',
    tries: ['D2'],
    does: 'is a tar with names that lead out of it',
    make: (fork, _src, place) =>
      tarred(fork, [
        { name: PROGRAM, content: USELESS },
        ...climbing(fork, place).map((name) => ({ name, content: 'owned' })),
      ]),
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
  {
    name: 'climbs-over-a-link',
    tries: ['D1', 'D2'],
    does: 'is a tar with a link to a folder outside, and a file behind the link',
    make: (fork, src, { marker }) =>
      tarred(fork, [
        { name: PROGRAM, content: USELESS },
        { name: `${dirname(PROGRAM)}/out`, type: 'symlink', linkname: dirname(marker) },
        { name: `${dirname(PROGRAM)}/out/${relative(dirname(marker), marker)}`, content: 'owned' },
        { name: 'out', type: 'symlink', linkname: relative(dirname(src), dirname(marker)) },
        { name: `out/${relative(dirname(marker), marker)}`, content: 'owned' },
      ]),
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
  {
    name: 'links-out-of-a-zip',
    tries: ['D1'],
    does: 'is a zip with a link to the solution in the place of its program',
    make: (fork, _src, place) =>
      zipped(fork, [{ name: PROGRAM, content: solutionIn(place), mode: 0o120777 }]),
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
  {
    name: 'links-out-of-a-tar',
    tries: ['D1'],
    does: 'is a tar with a second name of the solution in the place of its program',
    make: (fork, _src, place) => tarred(fork, [{ name: PROGRAM, type: 'link', linkname: solutionIn(place) }]),
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
  {
    name: 'is-a-tar-of-devices',
    tries: ['D4'],
    does: 'is a tar with pipes and devices in the place of its program',
    make: (fork) =>
      tarred(fork, [
        { name: PROGRAM, type: 'fifo' },
        { name: PROGRAM.replace('server', 'zero'), type: 'character-device', devmajor: 1, devminor: 5 },
      ]),
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
  {
    name: 'is-a-zip-bomb',
    tries: ['D3'],
    does: 'is a zip that says it is small, and unpacks to 200 MB',
    make: (fork) =>
      zipped(fork, [
        { name: PROGRAM, content: Buffer.alloc(200 << 20, ' '), size: USELESS.length },
        { name: PROGRAM.replace('server', 'other'), content: USELESS, size: 2 ** 31 },
      ]),
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
  {
    name: 'is-a-gzip-bomb',
    tries: ['D3'],
    does: 'is a tgz that unpacks to 200 MB',
    make: (fork) => {
      const submission = `${fork}.tgz`;
      writeFileSync(submission, gzipSync(Buffer.alloc(200 << 20)));
      return { submission, ref: null };
    },
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
  {
    name: 'is-two-programs-in-one-zip',
    tries: ['D2', 'C5'],
    does: 'is a zip with its program twice, the second time under the name of the suite',
    make: (fork, _src, place) =>
      zipped(fork, [
        { name: PROGRAM, content: USELESS },
        { name: PROGRAM.replace('server', 'SERVER'), content: readFileSync(solutionIn(place)) },
        { name: `exercises/${EXERCISE}/hidden/core.suite.ts`, content: USELESS },
      ]),
    ends: 'error',
    plain: UNPACKS_NOTHING,
  },
];
