import { parentPort, workerData } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { init, runBaseTests, setupEnvironment } from 'vitest/worker';
import { connect } from './connection.ts';
import './index.ts';
import './runner.ts';

/**
 * The thread in which suites run. It is started before Vitest is asked to run anything, so that all it needs is loaded
 * while the main process loads Vitest itself. Only our own code ever runs here.
 */
const port = parentPort;
if (port === null) throw new Error('this file is the entry of a worker thread');
connect((workerData as { link: MessagePort }).link);

init({
  post: (response) => port.postMessage(response),
  on: (callback) => port.on('message', callback),
  off: (callback) => port.off('message', callback),
  // The engine ends the thread, or keeps it for the next run.
  teardown: () => {},
  runTests: (state, traces) => runBaseTests('run', state, traces),
  collectTests: (state, traces) => runBaseTests('collect', state, traces),
  setup: setupEnvironment,
});
