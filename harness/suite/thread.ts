import module from 'node:module';
import { workerData } from 'node:worker_threads';

/**
 * The entry of the thread in which suites run. From Node 22.8 on, compiled code is kept on disk; it has to be switched on
 * before anything large is loaded, and in each thread for itself.
 */
(module as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache?.(
  (workerData as { compiled: string }).compiled,
);
await import('./worker.ts');
