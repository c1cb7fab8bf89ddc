// canary 73bd910af654bc43d84f7663
import { step } from '#suite';
import type { Trial } from '#suite';
import { play } from './player.ts';
import type { Event } from './player.ts';
import { must } from './stage.ts';
import { mapOf, spelled, Workflow } from './workflow.ts';
import type { Command, Job, Step } from './workflow.ts';

export const FILE = 'src/deploy.yml';
export const CHECKS: readonly Command[] = ['lint', 'typecheck', 'test'];
export const RELEASE: readonly Command[] = ['image', 'migrate', 'deploy', 'health'];
/** What changes production, or what it runs. */
export const OUTSIDE: readonly Command[] = ['image', 'migrate', 'deploy', 'rollback'];
export async function workflow(t: Trial): Promise<Workflow> {
  return await step(t, 'reading the workflow', async () => new Workflow(await t.yaml(FILE)));
}

export function names(commands: readonly Command[]): string {
  return commands.length === 0 ? 'none of the commands' : commands.map(spelled).join(', ');
}

/** What runs for an event: all of these, and none of those. */
export function mustRun(
  w: Workflow,
  event: Event,
  {
    runs = [],
    not = [],
    failing = [],
  }: { runs?: readonly Command[]; not?: readonly Command[]; failing?: Command[] },
): void {
  const { ran } = play(w, event, failing);
  const sent =
    failing.length === 0 ? event.label : `${event.label}, and ${failing.map(spelled).join(' and ')} fails`;
  const missing = runs.filter((command) => !ran.includes(command));
  must(missing.length === 0, `that ${names(runs)} run`, `not run: ${names(missing)}`, sent);
  const extra = not.filter((command) => ran.includes(command));
  must(extra.length === 0, `that none of ${names(not)} runs`, `run: ${names(extra)}`, sent);
}

/** The raw value of a variable where a step runs; undefined: it is not set. */
export function variable(w: Workflow, job: Job, { data }: Step, name: string): unknown {
  return [data, job.data, w.data].map((each) => mapOf(each['env'])).find((env) => name in env)?.[name];
}

/** The steps that run a command, with their jobs. */
export function stepsWith(w: Workflow, ...commands: readonly Command[]): { job: Job; step: Step }[] {
  return w
    .jobsWith(...commands)
    .flatMap((job) =>
      job.steps
        .filter(({ lines }) => lines.some(({ kind }) => (commands as readonly string[]).includes(kind)))
        .map((each) => ({ job, step: each })),
    );
}
