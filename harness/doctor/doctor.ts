import { fail } from './finding.ts';
import type { Finding } from './finding.ts';
import { letterCase, ports, space, temporary, writable } from './folders.ts';
import { bubblewrap, permission } from './isolation.ts';
import { esbuild, nodeVersion, npmVersion, packages, sqlite } from './programs.ts';
import { lineEndings, repository } from './repository.ts';
import type { World } from './world.ts';

/** One look at the machine. None of its findings: there is nothing to say here. */
export type Look = { name: string; look: (world: World) => Promise<Finding[]> };

/** In the order in which they are shown: what everything else rests on comes first. */
export const LOOKS: readonly Look[] = [
  { name: 'Node.js', look: nodeVersion },
  { name: 'npm', look: npmVersion },
  { name: 'packages', look: packages },
  { name: 'SQLite', look: sqlite },
  { name: 'esbuild', look: esbuild },
  { name: 'isolation', look: permission },
  { name: 'bubblewrap', look: bubblewrap },
  { name: 'ports', look: ports },
  { name: '.workbook', look: writable },
  { name: 'temporary files', look: temporary },
  { name: 'disk space', look: space },
  { name: 'git', look: repository },
  { name: 'line endings', look: lineEndings },
  { name: 'file names', look: letterCase },
];

/** How long one look may take, in milliseconds: two programs of the machine, and a little more. */
const LOOK_WITHIN = 20_000;

/** Looks at everything, one after the other. A look that fails or takes too long is a finding, too. */
export async function examine(
  world: World,
  { looks = LOOKS, within = LOOK_WITHIN, onFound = () => {} }: Options = {},
): Promise<Finding[]> {
  const all: Finding[] = [];
  for (const each of looks) {
    const findings = await limited(each, world, within);
    onFound(findings);
    all.push(...findings);
  }
  return all;
}

export type Options = {
  looks?: readonly Look[];
  within?: number;
  /** Told as each look ends. */
  onFound?: (findings: readonly Finding[]) => void;
};

async function limited({ name, look }: Look, world: World, within: number): Promise<Finding[]> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<Finding[]>((resolve) => {
    const text = `This did not end within ${within / 1000} seconds.`;
    timer = setTimeout(() => resolve([fail(name, text, AGAIN)]), within);
  });
  try {
    return await Promise.race([look(world), late]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [fail(name, `This could not be looked at: ${why}`, AGAIN)];
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

const AGAIN = 'npm run doctor, once more; if it stays, report it with these lines';
