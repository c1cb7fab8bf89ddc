import { afterEach, describe, expect, test, vi } from 'vitest';

/** The handler that a fresh copy of the module puts on this process's end; it is taken off again after each test. */
async function freshExit(): Promise<{ atExit: (end: () => void) => () => void; leave: () => void }> {
  vi.resetModules();
  const before = process.listeners('exit');
  const { atExit } = await import('./exit.ts');
  const leave = () => {
    for (const handler of added()) handler.call(process, 0);
  };
  const added = () => process.listeners('exit').filter((handler) => !before.includes(handler));
  cleanups.push(() => {
    for (const handler of added()) process.off('exit', handler);
  });
  return { atExit, leave };
}

const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

describe('what is owed at exit', () => {
  test('is done once the process ends, unless it was taken back', async () => {
    const { atExit, leave } = await freshExit();
    const done: string[] = [];
    atExit(() => done.push('kept'));
    const forget = atExit(() => done.push('taken back'));
    forget();
    leave();
    expect(done).toEqual(['kept']);
  });

  // A folder that cannot be removed (a file in it is open on Windows) must not keep the hosts alive.
  test('is done although something before it failed', async () => {
    const { atExit, leave } = await freshExit();
    const done: string[] = [];
    atExit(() => {
      throw new Error('EBUSY');
    });
    atExit(() => done.push('host ended'));
    expect(() => leave()).not.toThrow();
    expect(done).toEqual(['host ended']);
  });

  // A host is booted after its folder is made: it has to be ended before the folder goes.
  test('is done in the opposite order of its making', async () => {
    const { atExit, leave } = await freshExit();
    const done: string[] = [];
    atExit(() => done.push('folder'));
    atExit(() => done.push('host'));
    leave();
    expect(done).toEqual(['host', 'folder']);
  });
});
