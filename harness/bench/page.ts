import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { chromiumArgs, findChromium } from '../dashboard/browser/chromium.ts';
import { openProgress } from '../progress/progress.ts';
import { summary } from './statistics.ts';
import { writeWorkbook } from './watch-workbook.ts';

/** The medians of one workbook, in milliseconds. */
export type PageFigures = {
  exercises: number;
  attempts: number;
  /** From the line with the address to the loaded map, in a browser that runs already; measured once for each start. */
  ready: number;
  /** From a click to a loaded page. */
  map: number;
  exercise: number;
  history: number;
  /** From the moment in which a verdict was recorded to the page that shows it. */
  shown: number;
  /** From the save itself. */
  save: number;
};

export type PageResult = {
  small: PageFigures;
  large: PageFigures;
  saves: number;
  cores: number;
  node: string;
};

const FIRST = '01-http-server';
const LARGE = { exercises: 46, attempts: 10_000 };
const STARTS = 5;
const VISITS = 9;
const WITHIN = 60_000;

/**
 * Measures the page on a workbook of one exercise and no history, and on one of 46 exercises with 10,000 attempts. Throws
 * an Error where there is no Chromium, or something does not come.
 */
export async function benchPage(
  root: string,
  saves: number,
  onSave: (done: number) => void,
): Promise<PageResult> {
  const found = findChromium();
  if ('missing' in found) throw new Error(found.missing);
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath: found.file, args: chromiumArgs() });
  try {
    let done = 0;
    const measure = (size: { exercises: number; attempts: number }) =>
      measureWorkbook(root, browser, size, saves, () => onSave(++done));
    const small = await measure({ exercises: 1, attempts: 0 });
    const large = await measure(LARGE);
    return { small, large, saves, cores: availableParallelism(), node: process.version };
  } finally {
    await browser.close();
  }
}

async function measureWorkbook(
  root: string,
  browser: Browser,
  size: { exercises: number; attempts: number },
  saves: number,
  onSave: () => void,
): Promise<PageFigures> {
  const folder = join(root, '.workbook', 'bench', 'page');
  writeWorkbook(root, folder, FIRST, []);
  cpSync(join(root, 'harness', 'quiz', 'decks'), join(folder, 'harness', 'quiz', 'decks'), {
    recursive: true,
  });
  const ids = Array.from({ length: size.exercises }, (_, index) =>
    index === 0 ? FIRST : `${String(index + 1).padStart(2, '0')}-copy`,
  );
  for (const id of ids.slice(1)) {
    cpSync(join(folder, 'exercises', FIRST), join(folder, 'exercises', id), { recursive: true });
  }
  writeHistory(folder, ids, size.attempts);

  const ready: number[] = [];
  for (let start = 1; start < STARTS; start++) {
    const page = await browser.newPage();
    const server = await startPage(folder);
    ready.push(await firstVisit(page, server));
    await page.close();
    await server.stop();
  }
  const page = await browser.newPage();
  page.setDefaultTimeout(WITHIN);
  const server = await startPage(folder);
  try {
    ready.push(await firstVisit(page, server));
    const visit = async (path: string): Promise<number> => {
      const times: number[] = [];
      for (let count = 0; count < VISITS; count++) {
        const begun = performance.now();
        await page.goto(`${server.origin}${path}`, { waitUntil: 'load' });
        times.push(performance.now() - begun);
      }
      return summary(times).median;
    };
    const [map, history, exercise] = [
      await visit('/'),
      await visit('/history'),
      await visit(`/exercise/${FIRST}`),
    ];
    const { shown, save } = await saveAgain(folder, page, saves, onSave);
    await page.close();
    return { ...size, ready: summary(ready).median, map, exercise, history, shown, save };
  } finally {
    await server.stop();
  }
}

/** Saves the solution with one comment more each time, and looks when the page shows that it was checked. */
async function saveAgain(
  folder: string,
  page: Page,
  saves: number,
  onSave: () => void,
): Promise<{ shown: number; save: number }> {
  const file = join(folder, 'exercises', FIRST, 'src', 'server.ts');
  const original = readFileSync(file, 'utf8');
  await page.evaluate(WATCH_PANEL);
  const shown: number[] = [];
  const save: number[] = [];
  // The first two warm up: the page judged once when it was opened, and what is slow is known after the second.
  for (let count = -2; count < saves; count++) {
    await page.getByText('Every save is checked.').waitFor();
    const before = await page.evaluate<number>('window.checks.length');
    const begun = Date.now();
    writeFileSync(file, `${original}// save ${count}\n`);
    await seen(page, before);
    const at = await page.evaluate<number>('window.checks.at(-1)');
    if (count < 0) continue;
    const recorded = lastAttempt(folder);
    shown.push(Math.max(0, at - recorded));
    save.push(at - begun);
    onSave();
  }
  return { shown: summary(shown).median, save: summary(save).median };
}

/** Waits until the page has shown one check more. (Its policy forbids to wait inside the page for a text as code.) */
async function seen(page: Page, before: number): Promise<void> {
  const begun = performance.now();
  while ((await page.evaluate<number>('window.checks.length')) <= before) {
    if (performance.now() - begun > WITHIN) throw new Error('a save was not shown on the page');
    await setTimeout(20);
  }
}

/** Notes the moment in which the number of checks on the page becomes another, after that change was painted. */
const WATCH_PANEL = `
  window.checks = [];
  const read = () => /(\\d+) checks?/.exec(document.querySelector('#panel .tally')?.textContent ?? '')?.[1] ?? '0';
  let known = read();
  new MutationObserver(() => {
    if (read() === known) return;
    known = read();
    requestAnimationFrame(() => setTimeout(() => window.checks.push(Date.now())));
  }).observe(document.querySelector('#panel'), { childList: true, subtree: true });
`;

function lastAttempt(folder: string): number {
  const opened = openProgress(join(folder, '.workbook', 'progress.sqlite'));
  if (!opened.ok) throw new Error(opened.message);
  try {
    return opened.progress.state(FIRST).lastAttemptAt ?? 0;
  } finally {
    opened.progress.close();
  }
}

/** Attempts of the past, spread over the exercises and a year. */
function writeHistory(folder: string, ids: readonly string[], count: number): void {
  const opened = openProgress(join(folder, '.workbook', 'progress.sqlite'));
  if (!opened.ok) throw new Error(opened.message);
  const year = 365 * 86_400_000;
  const attempts = Array.from({ length: count }, (_, index) => ({
    exercise: ids[index % ids.length] ?? FIRST,
    at: Date.now() - year + Math.floor((index * year) / count),
    status: 'failed' as const,
    mastered: false,
    points: index % 20,
    maxPoints: 20,
    suite: '',
    files: String(index),
    durationMs: 500,
  }));
  const imported = opened.progress.importAll({
    kind: 'backend-workbook-progress',
    schema: 1,
    attempts,
    exercises: (count === 0 ? [] : ids).map((exercise) => ({
      exercise,
      rules: [],
      passed: null,
      mastered: null,
      unlockedAt: null,
      skippedAt: null,
      solutionAt: null,
    })),
    hints: [],
    answers: [],
    cards: [],
  });
  opened.progress.close();
  if (!imported.ok) throw new Error(imported.message);
}

type Server = { origin: string; printedAt: number; stop: () => Promise<void> };

async function startPage(folder: string): Promise<Server> {
  const script = join(folder, '.workbook', 'build', 'scripts', 'start.js');
  const child = spawn(process.execPath, [script, '--no-open'], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  try {
    return { ...(await address(child)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function address(child: ChildProcess): Promise<{ origin: string; printedAt: number }> {
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  for await (const line of lines) {
    const origin = /(http:\/\/127\.0\.0\.1:\d+)\//.exec(line)?.[1];
    if (origin !== undefined) return { origin, printedAt: performance.now() };
  }
  throw new Error('the page did not start');
}

/** From the address to the loaded map. */
async function firstVisit(page: Page, { origin, printedAt }: Server): Promise<number> {
  await page.goto(`${origin}/`, { waitUntil: 'load', timeout: WITHIN });
  return performance.now() - printedAt;
}
