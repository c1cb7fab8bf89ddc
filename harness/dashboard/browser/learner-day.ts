import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FIRST, PROGRAMS, SECOND } from '../../cli/testing/made-exercises.ts';
import { openWindow } from './visit.ts';
import type { Meeting } from './meeting.ts';

/** The way of a learner through the page, with a mouse. */
export function learnerDay(meeting: Meeting): void {
  test('first visit, read, fail, hint, fix, pass, unlock, solution, quiz', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    const { page, context, strangers, complaints } = await openWindow(browser, visited.origin);
    await page.goto('/');
    await page.getByRole('link', { name: `Begin ${FIRST}` }).click();
    await page.getByRole('heading', { name: 'Your task: 1 rule' }).waitFor();
    expect(await page.locator('article #R1').textContent()).toContain('A number is doubled');

    visited.save(PROGRAMS.stub.replace('value;', 'value + 1;'));
    await page.getByRole('heading', { name: 'Next: R1' }).waitFor();
    const rule = page.locator('#rule-R1');
    expect(await rule.getAttribute('open')).not.toBeNull();
    expect(await rule.locator('.facts').textContent()).toMatch(/sent[^]*double\([^]*expected[^]*got/);

    await rule.getByRole('button', { name: 'Show a hint (of 3)' }).click();
    await rule.getByText('Look at').waitFor();
    await rule.getByRole('button', { name: 'Show hint 2 of 3' }).waitFor();

    visited.save(PROGRAMS.right);
    await page.getByRole('heading', { name: '★ Mastered' }).waitFor();
    expect(await page.locator('#line').textContent()).toBe('Mastered. 1 of 1 core rules pass.');
    expect(await page.getByRole('link', { name: `Unlocked: ${SECOND}` }).count()).toBe(1);

    await page.getByRole('link', { name: 'Walk-through and solution' }).click();
    await page.getByRole('button', { name: 'Show the solution' }).click();
    await page.getByRole('heading', { name: 'Walk-through' }).waitFor();
    await page.getByText('src/double.ts is the same').waitFor();
    await page.getByRole('link', { name: 'By adding' }).click();
    expect(await page.locator('.diff .plus').textContent()).toContain('value + value');

    await page.goto(`/quiz/${FIRST}`);
    await page.getByLabel('Because the contract says so').check();
    await page.getByRole('button', { name: 'Answer' }).click();
    await page.getByRole('heading', { name: 'Right' }).waitFor();
    expect(await page.locator('.graded').textContent()).toContain('Nobody asked for speed in this one.');

    await page.goto('/');
    expect(await page.locator('.stop.mastered').textContent()).toContain(FIRST);
    expect(await page.locator('.stop.current').textContent()).toContain(SECOND);
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test('two tabs show the same, a reload in the middle loses nothing, and reset keeps a copy', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    visited.save(PROGRAMS.hanging);
    const { page, context } = await openWindow(browser, visited.origin);
    const other = await context.newPage();
    await page.goto(`/exercise/${FIRST}`);
    await other.goto(`/exercise/${FIRST}`);
    await page.getByRole('button', { name: 'Stop' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Check now' }).waitFor();

    visited.save(PROGRAMS.core);
    for (const each of [page, other]) await each.getByRole('heading', { name: '✓ Passed' }).waitFor();
    await page.reload();
    expect(await page.getByRole('heading', { name: '✓ Passed' }).count()).toBe(1);

    await page.getByRole('link', { name: 'Begin again with the starting code' }).click();
    await page.getByText('becomes what it was').waitFor();
    await page.getByRole('button', { name: 'Put the starting code back' }).click();
    await page.getByRole('heading', { name: 'Your task' }).waitFor();
    expect(visited.read()).toBe(PROGRAMS.stub);
    expect(readdirSync(join(visited.workbook.root, '.workbook', 'kept', FIRST))).toHaveLength(1);
    await context.close();
  });

  test('the page comes back by itself when the workbook was started again', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    const { page, context } = await openWindow(browser, visited.origin);
    await page.goto(`/exercise/${FIRST}`);
    await page.getByRole('heading', { name: 'Your task' }).waitFor();
    const { origin } = visited;
    await visited.stop();
    await visited.start();
    expect(visited.origin).toBe(origin);
    visited.save(PROGRAMS.core);
    await page.getByRole('heading', { name: '✓ Passed' }).waitFor();
    await context.close();
  });

  test('a check in the terminal shows on the page', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    visited.save(PROGRAMS.core);
    const { page, context } = await openWindow(browser, visited.origin);
    await page.goto('/');
    await page.getByText('0 of 2 passed').waitFor();
    await visited.workbook.run(['check', FIRST]);
    await page.getByText('1 of 2 passed').waitFor();
    expect(await page.locator('.stop.current').textContent()).toContain(SECOND);
    await context.close();
  });

  test('without a script: a check, and what came of it', async () => {
    const { visited, browser } = meeting();
    await visited.begin();
    visited.save(PROGRAMS.core);
    const { page, context } = await openWindow(browser, visited.origin, { javaScriptEnabled: false });
    await page.goto(`/exercise/${FIRST}`);
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByRole('heading', { name: '✓ Passed' }).waitFor();
    expect(await page.locator('#panel .tally').innerText()).toContain('1 of 1 core');
    await context.close();
  });
}
