/** What a process of ours may take when nobody watches it any more. */
export type Ceiling = {
  /** Seconds of computing, over all its threads. */
  cpuSeconds: number;
};

/** Far more than a check takes (it has 180 seconds in all), and little enough for a machine that runs all week. */
export const USUAL_CEILING: Ceiling = { cpuSeconds: 300 };

/**
 * The command that starts `binary` under limits that the operating system keeps. They hold when the harness itself is
 * killed: a program in a loop without end never sees that its pipe is closed, and would run for ever. It leaves no memory
 * dump behind either. (POSIX `ulimit`; Windows has none, and starts the binary as it is.)
 */
export function underCeiling(
  binary: string,
  args: readonly string[],
  { cpuSeconds }: Ceiling,
  platform: NodeJS.Platform = process.platform,
): { command: string; args: string[] } {
  if (platform === 'win32') return { command: binary, args: [...args] };
  // The shell adds variables of its own to the environment; what it cannot take back is `_`, the path of `binary`.
  const script = `unset PWD OLDPWD SHLVL; ulimit -c 0; ulimit -t ${Math.ceil(cpuSeconds)}; exec "$0" "$@"`;
  return { command: '/bin/sh', args: ['-c', script, binary, ...args] };
}
