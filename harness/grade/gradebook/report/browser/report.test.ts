import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inCi } from '../../../../cli/context.ts';
import { chromiumArgs, findChromium } from '../../../../dashboard/browser/chromium.ts';
import { overflow, violations } from '../../../../dashboard/browser/visit.ts';
import { madeClass, writeClass } from '../../testing/made-class.ts';
import { twoExercises } from '../../testing/made-exercises.ts';
import { writeReports } from '../../write.ts';

const found = findChromium();
if ('missing' in found) console.error(found.missing);

test.runIf(inCi(process.env))('in CI there is a browser', () => {
  expect(found).not.toHaveProperty('missing');
});

describe.skipIf('missing' in found)('the report of a class in Chromium, from the disk', () => {
  let browser: Browser;
  let out: string;
  let address: string;
  /** What the page asked of anybody, and what it complained of. */
  const strange: string[] = [];

  beforeAll(async () => {
    const root = process.cwd();
    out = mkdtempSync(join(realpathSync.native(tmpdir()), 'workbook-report-'));
    writeClass(out, madeClass({ students: 44, exercises: twoExercises(), hostile: true, copies: 20 }));
    await writeReports(out, twoExercises(), { root, build: join(root, '.workbook', 'build') });
    address = pathToFileURL(join(out, 'report.html')).href;
    browser = await chromium.launch({
      executablePath: 'file' in found ? found.file : '',
      args: chromiumArgs(),
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(out, { recursive: true, force: true });
  });

  async function open(options: BrowserContextOptions = {}, hash = ''): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.on('dialog', (dialog) => void strange.push(dialog.message()));
    page.on('pageerror', (error) => strange.push(error.message));
    page.on('console', (message) => strange.push(message.text()));
    page.on('request', (request) => request.url().startsWith(address) || strange.push(request.url()));
    await page.goto(address + hash);
    return page;
  }

  const rows = (page: Page): Promise<string[]> =>
    page.locator('#table tbody tr:visible th').allTextContents();

  test('sorts, filters and opens; the address remembers it', async () => {
    const page = await open();
    expect(await rows(page)).toHaveLength(44);
    await page.getByRole('button', { name: 'Total' }).click();
    const totals = (await page.locator('#table td.t').allTextContents()).map(Number);
    expect(totals).toEqual(totals.toSorted((one, other) => other - one));
    await page.getByRole('searchbox').fill('student-04');
    await page.getByLabel('Result').selectOption('failed');
    const some = await rows(page);
    expect(some.length).toBeGreaterThan(0);
    for (const name of some) expect(name).toMatch(/^student-04/);
    expect(await page.locator('output').textContent()).toBe(`${some.length} of 44 students`);

    // What is chosen can be sent to somebody else, and gone back to.
    const again = await open({}, new URL(page.url()).hash);
    expect(await rows(again)).toEqual(some);
    await again
      .getByRole('link', { name: some[0] ?? '' })
      .first()
      .click();
    await again.locator(`#s-${some[0]}`).waitFor({ state: 'visible' });
    await again.goBack();
    expect(await rows(again)).toEqual(some);
    await again.getByRole('button', { name: 'Show all' }).click();
    await again.getByText('44 students', { exact: true }).waitFor();
    expect(strange).toEqual([]);
  });

  test('by keyboard alone: a heading sorts, and a row leads to its student', async () => {
    const page = await open();
    await page
      .getByRole('button', { name: 'Student ↕' })
      .or(page.getByRole('button', { name: 'Student' }))
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    expect((await rows(page))[0]).toBe('student-044');
    await page.getByRole('link', { name: 'student-044' }).first().focus();
    await page.keyboard.press('Enter');
    await page.locator('#s-student-044').waitFor({ state: 'visible' });
    expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('SUMMARY');
  });

  test('is whole without its script', async () => {
    const page = await open({ javaScriptEnabled: false });
    expect(await page.locator('#table tbody tr').count()).toBe(44);
    expect(await page.locator('#filters').isVisible()).toBe(false);
    const student = page.locator('details.student').nth(3);
    await student.locator('summary').first().click();
    expect(await student.innerText()).toMatch(/01-first/);
  });

  test('axe finds nothing and nothing is wider than the window: light and wide, dark and narrow, all of it open', async () => {
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      const page = await open({ colorScheme, viewport: { width, height: 844 } });
      expect([width, await overflow(page)]).toEqual([width, 0]);
      await page.evaluate(
        `document.querySelectorAll('details').forEach((each, index) => { each.open = index < 12 || each.matches('.pair'); })`,
      );
      expect([width, await overflow(page)]).toEqual([width, 0]);
      expect([colorScheme, await violations(page)]).toEqual([colorScheme, []]);
    }
    // A dialog, an error, a line on the console or a request would be something that a submission made.
    expect(strange).toEqual([]);
  });
});
