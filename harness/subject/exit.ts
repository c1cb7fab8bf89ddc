/** What must be ended when this process ends, however that happens: hosts, probes, scratch folders. */
const owed = new Set<() => void>();

let installed = false;

/**
 * Runs `end` (synchronously) when the process exits. Returns a function that takes it back. Ctrl-C, SIGTERM and SIGHUP
 * lead here because the command line turns them into an exit.
 */
export function atExit(end: () => void): () => void {
  if (!installed) {
    installed = true;
    process.on('exit', endAll);
  }
  owed.add(end);
  return () => owed.delete(end);
}

/** The newest first: what was begun later may rest on what was begun before. One that fails keeps no other from ending. */
function endAll(): void {
  for (const run of [...owed].toReversed()) {
    try {
      run();
    } catch {
      // A folder that is still busy, on Windows: nobody is left to be told.
    }
  }
}
