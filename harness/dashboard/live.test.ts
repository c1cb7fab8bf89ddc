import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Exercise } from '../catalog/exercise.ts';
import type { SubjectFiles } from '../check/files.ts';
import { sampleVerdict } from '../verdict/sample.ts';
import type { Judged } from '../watch/desk.ts';
import { Live } from './live.ts';
import type { Standing } from './live.ts';

const JUDGED: Judged = { verdict: sampleVerdict(), untouched: false, recorded: true, opened: [] };

/** A desk whose checks end when the test says so, on two exercises in a real folder. */
function setUp() {
  const folder = realpathSync.native(mkdtempSync(join(tmpdir(), 'workbook-live-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const exercises = ['01-a', '02-b'].map((id) => {
    mkdirSync(join(folder, id));
    return { id, folder: join(folder, id) } as Exercise;
  });
  let text = 'one';
  const running: { id: string; end: (judged: Judged | null) => void }[] = [];
  const told: [string, Standing][] = [];
  const live = new Live({
    folder,
    desk: {
      read: () =>
        Promise.resolve({
          sources: { ok: true, files: new Map([['a.ts', text]]) },
          skipped: [],
          digests: { suite: '', files: text },
          untouched: false,
        } satisfies SubjectFiles),
      judge: ({ id }, _files, signal) =>
        new Promise((end) => {
          signal.addEventListener('abort', () => end(null));
          running.push({ id, end });
        }),
      prepare: () => Promise.resolve(),
    },
    onChange: ({ id }, standing) => told.push([id, standing]),
  });
  onTestFinished(() => live.close());
  const [first, second] = exercises as [Exercise, Exercise];
  return {
    live,
    first,
    second,
    running,
    told,
    save: (id: string, next: string) => {
      text = next;
      writeFileSync(join(folder, id, 'a.ts'), next);
    },
  };
}

test('a page that looks has the files judged, and a reload judges nothing again', async () => {
  const { live, first, running } = setUp();
  const leave = live.look(first);
  await vi.waitFor(() => expect(running).toHaveLength(1));
  expect(live.standing('01-a').busy).toBe(true);
  running[0]?.end(JUDGED);
  await vi.waitFor(() => expect(live.standing('01-a')).toMatchObject({ judged: JUDGED, busy: false }));
  leave();
  live.look(first);
  await live.check(first, { force: false });
  expect(running).toHaveLength(1);
});

test('a save is judged, and what ran for an older one is abandoned', async () => {
  const { live, first, running, save, told } = setUp();
  live.look(first);
  await vi.waitFor(() => expect(running).toHaveLength(1));
  save('01-a', 'two');
  void live.check(first, { force: false });
  await vi.waitFor(() => expect(running).toHaveLength(2));
  running[1]?.end(JUDGED);
  await vi.waitFor(() => expect(live.standing('01-a').judged).toBe(JUDGED));
  expect(told.filter(([, { judged }]) => judged !== null)).toHaveLength(1);
});

test('one check runs at a time, whatever number of exercises is looked at', async () => {
  const { live, first, second, running } = setUp();
  live.look(first);
  await vi.waitFor(() => expect(running).toHaveLength(1));
  live.look(second);
  await vi.waitFor(() => expect(live.standing('02-b').busy).toBe(true));
  expect(running.map(({ id }) => id)).toEqual(['01-a']);
  running[0]?.end(JUDGED);
  await vi.waitFor(() => expect(running.map(({ id }) => id)).toEqual(['01-a', '02-b']));
});

test('stop ends the check, and says so', async () => {
  const { live, first, running } = setUp();
  live.look(first);
  await vi.waitFor(() => expect(running).toHaveLength(1));
  await live.stop(first);
  expect(live.standing('01-a')).toMatchObject({ judged: null, busy: false });
});
