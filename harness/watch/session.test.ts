import { expect, test } from 'vitest';
import type { Exercise } from '../catalog/exercise.ts';
import type { Early } from '../check/check.ts';
import type { SubjectFiles } from '../check/files.ts';
import { failed as failedRule, sampleVerdict } from '../verdict/sample.ts';
import type { Desk, Judged } from './desk.ts';
import { keysIn } from './keys.ts';
import { Session } from './session.ts';
import type { View } from './session.ts';

const exercise = (id: string) => ({ id, title: id, folder: `/${id}` }) as Exercise;
const FIRST = exercise('01-first');
const SECOND = exercise('02-second');

const filesOf = (texts: Record<string, string>): SubjectFiles => ({
  sources: { ok: true, files: new Map(Object.entries(texts)) },
  skipped: [],
  digests: { suite: '', files: JSON.stringify(texts) },
  untouched: false,
});

/** A desk whose verdicts the test gives, when it likes. */
class FakeDesk implements Desk {
  texts: Record<string, string> = { 'a.ts': 'one' };
  readonly judged: {
    files: string;
    signal: AbortSignal;
    early: (early: Early) => void;
    end: (judged: Judged | null) => void;
  }[] = [];
  readonly kept: string[] = [];
  reset: Desk['reset'] = null;
  read = () => Promise.resolve(filesOf(this.texts));
  judge(
    _exercise: Exercise,
    files: SubjectFiles,
    signal: AbortSignal,
    early: (early: Early) => void,
  ): Promise<Judged | null> {
    return new Promise((end) => {
      signal.addEventListener('abort', () => end(null));
      this.judged.push({ files: files.digests.files, signal, early, end });
    });
  }
  renderEarly = (_: Exercise, { rule }: Early) => `${rule} alone`;
  prepare = () => Promise.resolve();
  render = (_: Exercise, { verdict }: Judged, { folded }: { folded: boolean }) =>
    `${verdict.status} ${folded ? 'folded' : 'in full'}`;
  hints = (_: Exercise, rule: string) => (rule === 'R1' ? ['look', 'look there'] : []);
  showHint = (_: Exercise, _rule: string, here: number) => here + 1;
  renderHints = (rule: string, shown: readonly string[], total: number) =>
    `${rule}: ${shown.join()} of ${total}`;
  next = () => SECOND;
  overview = () => 'the list';
  keepPlace = ({ id }: Exercise) => void this.kept.push(id);
}

function start() {
  const desk = new FakeDesk();
  const views: View[] = [];
  const told: string[] = [];
  const session = new Session(FIRST, desk, {
    onView: (view) => void views.push(view),
    onBusy: ({ id }) => void told.push(`busy ${id}`),
    onEarly: ({ rule }) => void told.push(`early ${rule}`),
    onReady: () => void told.push('ready'),
    onMove: ({ id }) => void told.push(`move ${id}`),
    onQuit: () => void told.push('quit'),
  });
  const press = async (text: string): Promise<void> => {
    for (const pressed of keysIn(text)) await session.press(pressed);
  };
  const last = (): View => views.at(-1) as View;
  const keys = (): string =>
    last()
      .keys.map(({ press: key }) => key)
      .join(' ');
  /** Looks, and lets the check that this begins end so. */
  const see = async (judged: Judged): Promise<void> => {
    const looking = session.look({ force: true });
    await expect.poll(() => desk.judged.length).toBeGreaterThan(0);
    desk.judged.pop()?.end(judged);
    await looking;
  };
  return { desk, session, views, told, press, last, keys, see };
}

const failed: Judged = {
  verdict: sampleVerdict({ R1: failedRule({}) }),
  untouched: false,
  recorded: true,
  opened: [],
};
const passed: Judged = { ...failed, verdict: sampleVerdict() };

test('files that did not change are not judged again, unless somebody asks', async () => {
  const { desk, session, see, press } = start();
  await see(failed);
  await session.look();
  expect(desk.judged).toEqual([]);
  void press('\r');
  await expect.poll(() => desk.judged.length).toBe(1);
  await session.close();
});

test('the newest save wins: what runs is abandoned and never shown', async () => {
  const { desk, session, views } = start();
  void session.look();
  await expect.poll(() => desk.judged.length).toBe(1);
  desk.texts = { 'a.ts': 'two' };
  const looking = session.look();
  await expect.poll(() => desk.judged.length).toBe(2);
  expect(desk.judged[0]?.signal.aborted).toBe(true);
  desk.judged[1]?.end(passed);
  await looking;
  expect(views.map(({ judged }) => judged)).toEqual([passed]);
});

test('the rule that somebody works on is shown before the others are done, and then the whole verdict', async () => {
  const { desk, session, views, told, press, last, see } = start();
  await see(failed);
  const looking = session.look({ force: true });
  await expect.poll(() => desk.judged.length).toBe(1);
  const running = desk.judged.pop();
  running?.early({ rule: 'R1', verdict: failed.verdict });
  expect(last()).toMatchObject({ text: 'R1 alone', isEarly: true });
  expect(told).toContain('early R1');
  // Whoever has opened another page stays there.
  await press('l');
  expect(last()).toMatchObject({ text: 'the list', isEarly: false });
  running?.end(passed);
  await looking;
  expect(last()).toMatchObject({ judged: passed, isEarly: false });
  expect(views.filter(({ isEarly }) => isEarly)).toHaveLength(1);
});

test('of a check that was abandoned, nothing is shown early either', async () => {
  const { desk, session, views, told } = start();
  void session.look();
  await expect.poll(() => desk.judged.length).toBe(1);
  desk.texts = { 'a.ts': 'two' };
  void session.look();
  await expect.poll(() => desk.judged.length).toBe(2);
  desk.judged[0]?.early({ rule: 'R1', verdict: failed.verdict });
  expect(views).toEqual([]);
  expect(told).not.toContain('early R1');
  await session.close();
});

test('stop abandons what runs; the next save is judged', async () => {
  const { desk, session, views } = start();
  void session.look();
  await expect.poll(() => desk.judged.length).toBe(1);
  await session.stop();
  expect(views).toEqual([]);
  desk.texts = { 'a.ts': 'two' };
  const looking = session.look();
  await expect.poll(() => desk.judged.length).toBe(2);
  desk.judged[1]?.end(passed);
  await looking;
  expect(views.map(({ judged }) => judged)).toEqual([passed]);
});

test('a file that is empty or away for a moment is waited for, and taken for real when nothing follows', async () => {
  const { desk, session, see } = start();
  await see(passed);
  desk.texts = { 'a.ts': '' };
  await session.look({ settled: false });
  desk.texts = {};
  await session.look({ settled: false });
  expect(desk.judged).toEqual([]);
  void session.look({ settled: true });
  await expect.poll(() => desk.judged.length).toBe(1);
  await session.close();
});

test('keys are offered only where they apply', async () => {
  const { desk, see, keys } = start();
  await see(failed);
  expect(keys()).toBe('h a l Enter q');
  await see(passed);
  expect(keys()).toBe('n a l Enter q');
  desk.reset = () => Promise.resolve({ ok: true, message: '' });
  await see({ ...failed, verdict: sampleVerdict({}, { status: 'error' }) });
  expect(keys()).toBe('a l r Enter q');
});

test('each hint adds the next level, and the key goes with the last', async () => {
  const { see, press, last, keys } = start();
  await see(failed);
  await press('h');
  expect(last().text).toContain('R1: look of 2');
  await press('h');
  expect(last().text).toContain('R1: look,look there of 2');
  expect(keys()).not.toContain('h');
});

test('all rules and fewer, the list and back', async () => {
  const { see, press, last, keys } = start();
  await see(failed);
  expect(last().text).toContain('failed folded');
  await press('a');
  expect(last().text).toContain('failed in full');
  await press('l');
  expect(last().text).toBe('the list');
  expect(keys()).toBe('any key');
  await press('x');
  expect(last().text).toContain('failed in full');
});

test('next moves on, keeps the place, and judges there', async () => {
  const { desk, see, press, told, session } = start();
  await see(passed);
  void press('n');
  await expect.poll(() => desk.judged.length).toBe(1);
  expect(desk.kept).toEqual(['02-second']);
  expect(told).toContain('move 02-second');
  await session.close();
});

test('reset asks first, and only y is a yes', async () => {
  const { desk, session, see, press, last } = start();
  const reset: string[] = [];
  desk.reset = ({ id }) => {
    reset.push(id);
    return Promise.resolve({ ok: true, message: 'The stub is back.' });
  };
  await see(failed);
  await press('r');
  expect(last().question).toContain('Put the files of 01-first back');
  await press('\r');
  expect(reset).toEqual([]);
  expect(last().text).toContain('Nothing was changed.');
  await press('ry');
  expect(reset).toEqual(['01-first']);
  expect(last().text).toContain('The stub is back.');
  await session.close();
});

test('arrows and pasted sequences are no keys; Ctrl-C and Ctrl-D quit', async () => {
  const { press, told } = start();
  await press('\u001b[A');
  expect(told).toEqual([]);
  await press('\u0003');
  await press('\u0004');
  expect(told).toEqual(['quit', 'quit']);
});
