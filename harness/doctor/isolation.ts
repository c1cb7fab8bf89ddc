import { join } from 'node:path';
import { probeIsolation } from '../subject/namespace/probe.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';
import type { World } from './world.ts';

/** The level that checks reach: a program tries to read a file that is none of its business. */
export async function permission(world: World): Promise<Finding[]> {
  const name = 'isolation';
  const answer = await world.reachOutside(join(world.root, 'package.json'));
  if (answer === 'ERR_ACCESS_DENIED') {
    return [ok(name, 'permission: a program that is checked cannot read outside of its own folder')];
  }
  if (answer === 'read') {
    const text =
      'A program that is checked could read outside of its own folder: Node’s permission model is off.';
    return [fail(name, text, 'Install the LTS version of Node.js from https://nodejs.org, then: npm ci')];
  }
  const text = `A program in a process of its own could not be tried: ${answer}`;
  return [
    fail(name, text, 'node harness/build/run.mjs build, and look whether a security program ends Node.js'),
  ];
}

/** bubblewrap, which shuts programs of strangers in on Linux. Learners need none. */
export async function bubblewrap(world: World): Promise<Finding[]> {
  const name = 'bubblewrap';
  const probed = await probeIsolation(world);
  if (probed.ok) return [ok(name, 'works: programs of others can be shut in')];
  const { reason, why, help } = probed;
  if (reason === 'platform') return [];
  if (reason === 'missing') {
    return [ok(name, `not installed. Only who judges programs of strangers needs it: ${help}`)];
  }
  return [warn(name, `${why} ${OTHERS}`, help)];
}

const OTHERS = 'Only who judges programs of strangers needs it.';
