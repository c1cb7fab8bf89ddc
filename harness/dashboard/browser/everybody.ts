import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { FIRST, PROGRAMS } from '../../cli/testing/made-exercises.ts';
import { layoutShift, openWindow, overflow, violations } from './visit.ts';
import type { Meeting } from './meeting.ts';

const PAGES = [
  '/',
  `/exercise/${FIRST}`,
  `/exercise/${FIRST}/reset`,
  `/exercise/${FIRST}/solution`,
  '/quiz',
  '/quiz/interview',
  '/quiz/orientation?question=languages',
  '/quiz/star',
  '/history',
  '/nowhere',
];

/** The page for people who use no mouse, a small window, the dark, or a screen reader. */
export function everybody(meeting: Meeting): void {
  test('axe finds nothing, nothing is wider than the window, and nothing moves: light and dark, wide and narrow', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    // A failing rule in full, with all that stands below it.
    visited.save(PROGRAMS.stub.replace('value;', 'value + 1;'));
    for (const [colorScheme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      const { page, context, complaints } = await openWindow(browser, visited.origin, {
        colorScheme,
        viewport: { width, height: 844 },
        reducedMotion: 'reduce',
      });
      for (const path of PAGES) {
        await page.goto(path);
        // There the rules come to stand while one looks on: that is what the page is for.
        const isLive = path === `/exercise/${FIRST}`;
        if (isLive) await page.getByRole('heading', { name: 'Next: R1' }).waitFor();
        const shift = isLive ? 0 : await layoutShift(page);
        expect([path, width, shift, await overflow(page)]).toEqual([path, width, 0, 0]);
        expect([path, colorScheme, await violations(page)]).toEqual([path, colorScheme, []]);
      }
      await page.goto('/quiz/design?question=url-writes');
      await page.getByRole('textbox').fill('40');
      await page.getByRole('button', { name: 'Answer' }).click();
      await page.getByRole('heading', { name: 'Right' }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      // The instrument itself works: it sees a fault that was put there.
      await page.evaluate(`document.body.append(document.createElement('img'))`);
      expect(await violations(page)).not.toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  test('the colours that are chosen hold at once and on every page, with enough contrast', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    const light = { colorScheme: 'light' } as const;
    const { page, context, complaints } = await openWindow(browser, visited.origin, light);
    await page.goto('/quiz');
    const before = await page.evaluate<string>(GROUND);
    const kept = page.waitForResponse((response) => response.url().endsWith('/look'));
    await choose(page, 'Dark', 'dark');
    const dark = await page.evaluate<string>(GROUND);
    expect(dark).not.toBe(before);
    await kept;
    await page.goto('/history');
    expect(await page.evaluate<string>(GROUND)).toBe(dark);
    expect(await violations(page)).toEqual([]);
    await choose(page, 'As the system', 'system');
    expect(await page.evaluate<string>(GROUND)).toBe(before);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('with the script an exported file is imported as it is', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    const { page, context, complaints } = await openWindow(browser, visited.origin);
    await page.goto('/history');
    const exported = await page.evaluate<string>(`fetch('/history/progress.json').then((r) => r.text())`);
    expect(await page.getByRole('textbox').count()).toBe(0);
    await page.locator('input[type="file"]').setInputFiles({
      name: 'workbook-progress.json',
      mimeType: 'application/json',
      buffer: Buffer.from(exported),
    });
    await page.getByRole('button', { name: 'Import' }).click();
    await page.getByText('Imported: 0 checks were new.').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('without the script the colours are chosen too, and the page stays the same', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    const { page, context } = await openWindow(browser, visited.origin, {
      colorScheme: 'dark',
      javaScriptEnabled: false,
    });
    await page.goto('/quiz/interview');
    await choose(page, 'Light', 'light');
    expect(new URL(page.url()).pathname).toBe('/quiz/interview');
    // The field for the text of an export is there, and the one that needs the script is not.
    await page.goto('/history');
    expect(await page.getByRole('textbox').isVisible()).toBe(true);
    expect(await page.locator('input[type="file"]').isVisible()).toBe(false);
    await context.close();
  });

  test('by keyboard alone: from the map to a hint, with the focus where it was', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    visited.save(PROGRAMS.stub.replace('value;', 'value + 1;'));
    const { page, context } = await openWindow(browser, visited.origin);
    await page.goto('/');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo(page, /^Begin 01-first$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Next: R1' }).waitFor();
    await tabTo(page, /^Check now$/);
    await page.keyboard.press('Enter');
    await page.getByText('2 checks').waitFor();
    expect(await focused(page)).toBe('Check now');
    await tabTo(page, /^Show a hint \(of 3\)$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Show hint 2 of 3' }).waitFor();
    expect(await focused(page)).toBe('Show hint 2 of 3');
    await tabTo(page, /R2/);
    await page.keyboard.press('Enter');
    expect(await page.locator('#rule-R2').getAttribute('open')).not.toBeNull();
    // What was opened stays open when a result comes.
    visited.save(PROGRAMS.stub.replace('value;', 'value + 2;'));
    await page.getByText('3 checks').waitFor();
    expect(await page.locator('#rule-R2').getAttribute('open')).not.toBeNull();
    expect(await focused(page)).toContain('R2');
    await context.close();
  });
}

/** The colour behind everything. */
const GROUND = `getComputedStyle(document.documentElement).backgroundColor`;

async function choose(page: Page, name: string, look: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.locator(`html[data-look="${look}"]`).waitFor();
}

async function focused(page: Page): Promise<string> {
  return await page.evaluate<string>(
    `(document.activeElement?.textContent ?? '').replace(/\\s+/g, ' ').trim()`,
  );
}

/** Presses Tab until the focus is there. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    if (name.test(await focused(page))) return;
  }
  throw new Error(`the focus never came to ${String(name)}`);
}
