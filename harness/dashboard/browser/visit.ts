import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { BuiltWorkbook } from '../../cli/testing/built-workbook.ts';
import { FIRST, SECOND, writeHints, writeSolution } from '../../cli/testing/made-exercises.ts';
import { Started } from '../../cli/testing/started.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How long something on the page is waited for, in milliseconds. Under a loaded machine a check takes its time. */
export const WITHIN = 40_000;

/** A workbook of two exercises whose page runs as a process of its own, as `npm start` does it. */
export class Visited {
  readonly workbook = new BuiltWorkbook();
  private started: Started | null = null;
  origin = '';

  /** As on the first day. */
  async begin(): Promise<void> {
    await this.stop();
    this.workbook.restore();
    writeHints(this.workbook.root, FIRST);
    writeSolution(this.workbook.root, FIRST);
    for (const id of [FIRST, SECOND]) {
      writeFileSync(
        join(this.workbook.root, 'exercises', id, 'quiz.json'),
        JSON.stringify({ questions: [QUESTION] }),
      );
    }
    await this.start();
  }

  async start(): Promise<void> {
    const { workbook } = this;
    this.started = new Started(workbook.spawn(workbook.commandLine(['start', '--no-open'])));
    const [, origin = ''] = await this.started.printed(/at (http:\/\/127\.0\.0\.1:\d+)\//);
    this.origin = origin;
  }

  async stop(): Promise<void> {
    // What the page met by itself stands in the log of the failing test.
    if (this.started !== null && /mistake|failed/.test(this.started.err)) console.error(this.started.err);
    await this.started?.stop();
    this.started = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    this.workbook.remove();
  }

  /** Writes the learner's program. */
  save(text: string): void {
    writeFileSync(join(this.workbook.root, 'exercises', FIRST, 'src', 'double.ts'), text);
  }

  read(): string {
    return readFileSync(join(this.workbook.root, 'exercises', FIRST, 'src', 'double.ts'), 'utf8');
  }
}

const QUESTION = {
  id: 'why-twice',
  question: 'Why is twice the value asked for?',
  options: [
    { text: 'Because the contract says so', correct: true, why: 'The contract is what the check relies on.' },
    { text: 'Because it is fast', correct: false, why: 'Nobody asked for speed in this one.' },
    { text: 'By accident', correct: false, why: 'A rule is a promise, not an accident.' },
  ],
  source: 'contract',
};

/** A browser window of its own, that asks nobody but the page. */
export async function openWindow(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; context: BrowserContext; strangers: string[]; complaints: string[] }> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN);
  const strangers: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith('data:')) strangers.push(url);
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused/i.test(message.text())) complaints.push(message.text());
  });
  return { page, context, strangers, complaints };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Found = { id: string; nodes: { html: string; failureSummary?: string }[] };

/** What axe finds wrong on the page, by the rules of WCAG 2.2 A and AA and its own best practices. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = await page.evaluate<Found[]>(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  );
  return found.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('\n')}`,
  );
}

/** How far the page is wider than the window, in pixels. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}

/** The sum of what moved by itself while the page was there. */
export async function layoutShift(page: Page): Promise<number> {
  return await page.evaluate<number>(`new Promise((resolve) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.hadRecentInput ? 0 : entry.value; })
      .observe({ type: 'layout-shift', buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(sum)));
  })`);
}
