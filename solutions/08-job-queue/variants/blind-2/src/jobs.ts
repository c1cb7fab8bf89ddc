/** All that the check uses. The three files beside this one are yours. */
export { createHandlers } from './handlers.ts';
export { createQueue } from './queue.ts';
export { createWorker } from './worker.ts';
