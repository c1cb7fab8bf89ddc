import { join } from 'node:path';
import type { Part } from '../catalog/exercise.ts';
import { decode, encode } from '../message/plain.ts';
import { Subject } from '../subject/subject.ts';

/** A program that tries to read what it should not see. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
export function look(file) {
  try {
    readFileSync(file);
    return 'read';
  } catch (error) {
    return String(error.code);
  }
}
`;

const PART: Part = {
  name: 'main',
  kind: 'module',
  entry: 'src/look.ts',
  exports: ['look'],
  packages: [],
  modules: null,
};

/** Lets a host, as checks start it, try to read a file outside of its folders. `read`, or the code of its failure. */
export async function reachOutside(root: string, build: string, file: string): Promise<string> {
  const subject = new Subject({
    parts: [{ part: PART, text: PROGRAM }],
    root,
    hostFile: join(build, 'host.mjs'),
    isolation: 'permission',
    env: {},
    inspect: false,
    now: Date.now(),
    seed: 1,
  });
  try {
    const failure = await subject.load('main');
    if (failure !== null) return failure.message;
    const call = { export: 'look', args: encode([file]), keep: null };
    const reply = await subject.call({ part: 'main', host: 1 }, call);
    if (reply.kind === 'dead') return reply.death.why;
    if (reply.kind !== 'reply' || reply.result.kind !== 'value') return 'no answer';
    const answer = decode(reply.result.value, { dependencies: false });
    return answer.ok ? String(answer.value) : 'no answer';
  } finally {
    await subject.dispose();
  }
}
