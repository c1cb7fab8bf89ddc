import { dialled, moveDate } from './world.ts';
import type { HostRequest, HostResult } from '../../message/host.ts';
import { decode, describeError, encode } from '../../message/plain.ts';
import { PROGRESS } from '../../message/tests.ts';
import type { TestsProgress } from '../../message/tests.ts';
import { openChannel } from '../channel.ts';
import { answerPlayed, playedFunction } from '../played.ts';
import { arrived, callGiven, connectFace } from './face.ts';
import { runTests } from './runtime.ts';

/**
 * The process in which a learner's tests run, on one program. It has the pipes of a host, and holds nothing that a test
 * could gain by: the program is elsewhere, and what this process reports counts as the word of a stranger.
 */
process.setSourceMapsEnabled(true);

const channel = openChannel((id, request) => {
  void answer(request).then((result) => channel.send({ id, result }));
});

process.on('uncaughtExceptionMonitor', (error: unknown, origin) => {
  channel.sendNow({ event: 'uncaught', origin, error: withStack(error) });
});
// As Vitest has it: such an error fails the run, and the tests that run meanwhile go on.
const strays: unknown[] = [];
process.on('unhandledRejection', (error) => strays.push(error));

const { setImmediate: machineImmediate } = globalThis;

let calls = 0;

connectFace({
  now: (name, args) => {
    channel.sendNow({ event: 'called', name, call: --calls, args: encode(args) });
    return arrived(channel.hearNow());
  },
  later: (name, args) => playedFunction(name, (event) => channel.send(event))(...args).then(ordinaryOf),
});

channel.send({ event: 'ready', node: process.version });

/** Played functions give what they decoded; tests get it as such values are here. */
function ordinaryOf(value: unknown): unknown {
  return arrived(encode(value));
}

async function answer(request: HostRequest): Promise<HostResult> {
  try {
    return await perform(request);
  } catch (thrown) {
    return { kind: 'threw', error: withStack(thrown) };
  }
}

async function perform(request: HostRequest): Promise<HostResult> {
  switch (request.op) {
    case 'tests': {
      moveDate(request.moved);
      const onProgress = (progress: TestsProgress): void =>
        channel.send({ event: 'called', name: PROGRESS, call: 0, args: encode(progress) });
      const report = await runTests({ ...request, onProgress });
      // A rejection is nobody's only when a turn of the event loop has passed.
      await new Promise((resolve) => machineImmediate(resolve));
      const stray = strays.slice(0, 3).map((error) => describeError(error));
      return { kind: 'value', value: encode({ ...report, dialled: [...dialled], strays: stray }) };
    }
    case 'call': {
      const decoded = decode(request.args, { dependencies: false });
      if (!decoded.ok) throw new Error(decoded.why);
      const value = await callGiven(request.on ?? '', request.export, decoded.value as unknown[]);
      return { kind: 'value', value: encode(value) };
    }
    case 'answer':
      answerPlayed(request.call, request.outcome);
      return { kind: 'done' };
    case 'ping':
      return { kind: 'count', count: process.memoryUsage.rss() };
    default:
      return { kind: 'cannot', why: `tests have no ${request.op}` };
  }
}

function withStack(thrown: unknown): Extract<HostResult, { kind: 'threw' }>['error'] {
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  return { ...describeError(thrown), stack: typeof stack === 'string' ? stack.slice(0, 20_000) : null };
}
