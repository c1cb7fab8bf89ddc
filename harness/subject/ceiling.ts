/** What a process of ours may take when nobody watches it any more. */
export type Ceiling = {
  /** Seconds of computing, over all its threads. */
  cpuSeconds: number;
  /** Processes and threads of the whole namespace; nothing stops the user `root` (man 2 setrlimit, RLIMIT_NPROC). */
  tasks?: number;
  /** Open files of one process. */
  files?: number;
  /** The size of one file, in bytes. */
  fileBytes?: number;
};

/** Far more than a check takes (it has 180 seconds in all), and little enough for a machine that runs all week. */
export const USUAL_CEILING: Ceiling = { cpuSeconds: 300 };

/** What a namespace may take besides: outside of one, tasks of the same user elsewhere would count. */
export const INSIDE_CEILING = { tasks: 512, files: 4_096, fileBytes: 128 * 1024 * 1024 } as const;

/**
 * The command that starts `binary` under limits that the operating system keeps. They hold when the harness itself is
 * killed: a program in a loop without end never sees that its pipe is closed, and would run for ever. It leaves no memory
 * dump behind either. (POSIX `ulimit`; Windows has none, and starts the binary as it is.)
 */
export function underCeiling(
  binary: string,
  args: readonly string[],
  ceiling: Ceiling,
  platform: NodeJS.Platform = process.platform,
): { command: string; args: string[] } {
  if (platform === 'win32') return { command: binary, args: [...args] };
  // The shell adds variables of its own to the environment; what it cannot take back is `_`, the path of `binary`.
  const script = `unset PWD OLDPWD SHLVL; ${limitsOf(ceiling).join('; ')}; exec "$0" "$@"`;
  return { command: '/bin/sh', args: ['-c', script, binary, ...args] };
}

/** Sizes of files are counted in units of 512 bytes (POSIX). A limit that stands lower already cannot be set, and holds. */
function limitsOf({ cpuSeconds, tasks, files, fileBytes }: Ceiling): string[] {
  const limits = ['ulimit -c 0', `ulimit -t ${Math.ceil(cpuSeconds)}`];
  const set = (value: number | undefined, ...flags: string[]): void => {
    if (value === undefined) return;
    limits.push([...flags.map((flag) => `ulimit ${flag} ${value} 2>/dev/null`), ':'].join(' || '));
  };
  // For tasks bash says -u, dash and busybox say -p.
  set(tasks, '-u', '-p');
  set(files, '-n');
  set(fileBytes === undefined ? undefined : Math.ceil(fileBytes / 512), '-f');
  return limits;
}
