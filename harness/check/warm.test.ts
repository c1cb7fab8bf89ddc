import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Exercise } from '../catalog/exercise.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { check } from './check.ts';
import type { CheckRequest, Early } from './check.ts';
import { Engine } from './engine.ts';
import { Reserve } from './reserve.ts';
import { RIGHT, SmallWorkbook, SUITE } from './testing/small-workbook.ts';

const book = new SmallWorkbook();
const place = () => ({ root: book.root, build: join(book.root, '.workbook', 'build') });
let engine: Engine;
let reserve: Reserve;
let exercise: Exercise;

beforeAll(async () => {
  await book.build();
  engine = new Engine(book.root, place().build);
});
beforeEach(() => {
  book.reset();
  // One and the same for all saves, as `watch` has it: what was made of its suites is used again.
  ({ exercise } = book.request(RIGHT));
  reserve = new Reserve(exercise, engine, place());
  return () => reserve.dispose();
});
afterAll(async () => {
  await engine.close();
  book.remove();
});

/** One check as `watch` makes it. */
async function judge(program: string, changes: Partial<CheckRequest> = {}): Promise<Verdict> {
  const warm = await reserve.take(true);
  const { verdict } = await check(engine, { ...book.request(program, { warm, ...changes }), exercise });
  reserve.learn(warm, verdict);
  await reserve.fill();
  return verdict;
}

const statuses = ({ rules }: Verdict) => rules.map(({ status }) => status);
const took = (r1: number, r2: number) => {
  const rule = { cause: null, status: 'passed', tier: 'core' } as const;
  return {
    rules: [
      { ...rule, id: 'R1', durationMs: r1 },
      { ...rule, id: 'R2', durationMs: r2 },
    ],
  } as Verdict;
};

test('one save after the other gets its own verdict', async () => {
  expect(statuses(await judge(RIGHT))).toEqual(['passed', 'passed']);
  expect(statuses(await judge(RIGHT.replace('a + b }', 'a - b }')))).toEqual(['failed', 'passed']);
  expect(await judge('export const add = ;')).toMatchObject({
    status: 'error',
    error: { kind: 'compile' },
  });
  expect(await judge('throw new Error("early")')).toMatchObject({ status: 'error', error: { kind: 'load' } });
  expect(await judge(RIGHT)).toMatchObject({ status: 'passed', mastered: true, error: null });
});

test('a suite that changed is read again', async () => {
  const digests = (suite: string) => ({ suite, files: '' });
  expect((await judge(RIGHT, { digests: digests('one') })).status).toBe('passed');
  book.edit(SUITE.replace('a + b)', 'a * b + 1)'));
  expect(statuses(await judge(RIGHT, { digests: digests('two') }))).toEqual(['failed', 'passed']);
});

const rule = (id: string, durationMs: number, more: object = {}) => ({
  ...took(0, 0).rules[0],
  id,
  durationMs,
  needs: [],
  ...more,
});
/** A verdict in which R2 failed, and took this long. */
const failing = (durationMs: number, cause = 'wrong') => {
  const rules = [rule('R1', 10), rule('R2', durationMs, { status: 'failed', cause })];
  return { status: 'failed', rules } as unknown as Verdict;
};
/** What the reserve makes of a verdict, whatever this machine is busy with. */
async function learn(verdict: Verdict): Promise<void> {
  const warm = await reserve.take(true);
  reserve.learn(warm, verdict);
  await Promise.all([...warm.kits.values()].map((kit) => kit.dispose()));
}

test('the rule that failed last time comes first, is told at once, and is alone until then', async () => {
  const seen: string[] = [];
  const told = {
    onRule: (id: string, status: string) => void seen.push(`${id} ${status}`),
    onEarly: ({ rule: id, verdict }: Early) => {
      seen.push(`early ${id}`);
      expect(statuses(verdict)).toEqual(['untried', seen[0]?.split(' ')[1]]);
      expect(verdict.error).toBe(null);
    },
  };
  await learn(failing(30));
  expect((await judge(RIGHT.replace("a + ' ' + b", "'wrong'"), told)).status).toBe('failed');
  expect(seen.splice(0)).toEqual(['R2 failed', 'early R2', 'R1 passed']);
  await learn(failing(30));
  expect(await judge(RIGHT, told)).toMatchObject({ status: 'passed', mastered: true });
  expect(seen.splice(0)).toEqual(['R2 passed', 'early R2', 'R1 passed']);
  await learn({ ...took(30, 30), status: 'passed' });
  expect(await judge(RIGHT, told)).toMatchObject({ status: 'passed', mastered: true });
  expect(seen).toEqual(['R1 passed', 'R2 passed']);
});

test('a program that cannot be loaded in between does not make the rule forgotten', async () => {
  await learn(failing(30));
  const early: string[] = [];
  const told = { onEarly: (each: Early) => void early.push(each.rule) };
  expect((await judge('export const add = ;', told)).status).toBe('error');
  expect((await judge('throw new Error("early")', told)).status).toBe('error');
  expect(early).toEqual([]);
  const seen: string[] = [];
  await judge(RIGHT, { ...told, onRule: (id) => void seen.push(id) });
  expect(seen).toEqual(['R2', 'R1']);
  expect(early).toEqual(['R2']);
});

test('a rule that takes long, or hung, is not waited for by the others', async () => {
  const held = async (verdict: Verdict) => {
    await learn(verdict);
    const { alone, failed, kits } = await reserve.take(true);
    await Promise.all([...kits.values()].map((kit) => kit.dispose()));
    return { alone, failed };
  };
  expect(await held(failing(30))).toEqual({ alone: true, failed: ['R2'] });
  expect(await held(failing(900))).toEqual({ alone: false, failed: ['R2'] });
  expect(await held(failing(30, 'hung'))).toEqual({ alone: false, failed: ['R2'] });
});

test('a slow rule gets hosts of its own, and shares nothing with the others', async () => {
  const counting = `let calls = 0;
    export function add(a: number, b: number): number { calls++; return a + b }
    export function join(a: string, b: string): string { return calls === 0 ? a + ' ' + b : 'called before' }`;
  expect(statuses(await judge(counting))).toEqual(['passed', 'failed']);
  reserve.learn(await reserve.take(true), took(900, 20));
  const warm = await reserve.take(true);
  expect([...warm.kits.keys()]).toHaveLength(2);
  const { verdict } = await check(engine, book.request(counting, { warm }));
  expect(statuses(verdict)).toEqual(['passed', 'passed']);
  // In turn, as a first pass is given, the same program is seen through.
  const inTurn = await reserve.take(false);
  expect(inTurn.slow.size).toBe(0);
  engine.prepare();
  const strict = await check(engine, book.request(counting, { warm: inTurn }));
  expect(statuses(strict.verdict)).toEqual(['passed', 'failed']);
});

test('rules of about the same time stay together', async () => {
  const warm = await reserve.take(true);
  reserve.learn(warm, took(90, 80));
  await Promise.all([...warm.kits.values()].map((kit) => kit.dispose()));
  const next = await reserve.take(true);
  expect(next.slow.size).toBe(0);
  await Promise.all([...next.kits.values()].map((kit) => kit.dispose()));
});

test('an endless loop in a rule is abandoned at once, and the next check is none the worse', async () => {
  const abort = new AbortController();
  const program = RIGHT.replace("return a + ' ' + b", 'while (true);');
  const verdict = await judge(program, { signal: abort.signal, onRule: () => abort.abort() });
  expect(verdict.status).not.toBe('passed');
  expect(statuses(await judge(RIGHT))).toEqual(['passed', 'passed']);
});

test('an endless loop while the program is loaded is abandoned before the watch over hosts sees it', async () => {
  const abort = new AbortController();
  const warm = await reserve.take(true);
  const running = check(engine, book.request(`while (true);\n${RIGHT}`, { warm, signal: abort.signal }));
  await expect.poll(() => [...warm.kits.values()].map(({ used }) => used)).toEqual([1]);
  abort.abort();
  const { verdict } = await running;
  expect(verdict.error?.message).not.toContain('busy');
  await reserve.fill();
  expect(statuses(await judge(RIGHT))).toEqual(['passed', 'passed']);
});

test('a suite that waits for good is ended by force when its check is abandoned', async () => {
  book.edit(SUITE.replace("t.mustReturnValue('join', WORDS, WORDS.join(' '))", 'new Promise(() => {})'));
  const abort = new AbortController();
  const digests = (suite: string) => ({ suite, files: '' });
  await judge(RIGHT, { digests: digests('one'), signal: abort.signal, onRule: () => abort.abort() });
  book.edit(SUITE);
  expect(statuses(await judge(RIGHT, { digests: digests('two') }))).toEqual(['passed', 'passed']);
});

test('a check that was abandoned before it began starts nothing', async () => {
  const abort = new AbortController();
  abort.abort();
  const verdict = await judge(RIGHT, { signal: abort.signal });
  expect(verdict.status).not.toBe('passed');
});
