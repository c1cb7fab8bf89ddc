import { runCommand } from './command.ts';
import type { Command } from './command.ts';
import { processContext } from './context.ts';
import { neutralise } from '../verdict/neutralise.ts';

/** The exit status of a process that such a signal ended, as shells count it. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** Runs a command as this process. `root`: the workbook's folder. Ends the process with the command's exit code. */
export async function main(command: Command, root: string): Promise<void> {
  // Everything that was started has an owner that ends it at exit; see subject/exit.ts.
  for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => process.exit(code));
  // Without these, Node would end with 1: the same as a program that did not pass.
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    process.on(event, (error: unknown) => {
      process.stderr.write(failureText(command, error));
      process.exit(4);
    });
  }
  const lost = watchOutput();
  let code: number;
  try {
    code = await runCommand(command, process.argv.slice(2), processContext(root));
  } catch (error) {
    process.stderr.write(failureText(command, error));
    code = 4;
  }
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(lost() ? 4 : code);
}

/** Whether a result could not be written. A reader that went away, as in `| head -1`, has read what it wanted. */
function watchOutput(): () => boolean {
  let isLost = false;
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    process.stderr.write(`${NOT_WRITTEN} (${neutralise(error.message, { maxLines: 1 })})\n`);
  });
  return () => isLost;
}

/** A pipe may take its time; an exit would cut off what is still on its way. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

function failureText(command: Command, error: unknown): string {
  const detail = neutralise(error instanceof Error ? (error.stack ?? error.message) : String(error), {
    maxLines: 20,
  });
  return `${FAILED.replace('COMMAND', command.name)}\n${detail}\n`;
}

const FAILED = `The workbook itself failed while it ran \`npm run COMMAND\`. This is a bug of ours, not yours.
Please report it with the lines below.
`;

const NOT_WRITTEN = 'The result could not be written. Check the free space where it goes, then run it again.';
