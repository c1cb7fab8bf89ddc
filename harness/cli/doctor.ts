import { examine } from '../doctor/doctor.ts';
import { renderFinding, renderFindings, renderSum } from '../doctor/report.ts';
import { realWorld } from '../doctor/world.ts';
import type { World } from '../doctor/world.ts';
import { createPage } from '../verdict/page.ts';
import type { Command, Input } from './command.ts';
import type { Context, ExitCode } from './context.ts';

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Look whether this machine has all that the workbook needs, and say what helps where it has not.',
  positionals: [],
  options: { json: { help: 'Print the findings as JSON.' } },
  examples: [['npm run doctor', 'each line is ok, warn or fail, with what helps']],
  notes: ['It changes nothing. It ends with 0 when everything that is needed works, and with 1 when not.'],
  run: (input, { root, build, env, ...rest }) =>
    runDoctor(input, { root, build, env, ...rest }, realWorld(root, build, env)),
};

/** `world`: the machine; tests give their own. */
export async function runDoctor(input: Input, { terminal }: Context, world: World): Promise<ExitCode> {
  const page = createPage(terminal);
  const isJson = input.flag('json');
  const findings = await examine(world, {
    onFound: (found) => {
      if (!isJson) for (const each of found) terminal.out(renderFinding(each, page));
    },
  });
  const { node, platform } = world;
  terminal.out(isJson ? renderFindings(findings, { node, platform }) : renderSum(findings, page));
  return findings.some(({ state }) => state === 'fail') ? 1 : 0;
}
