import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inCi } from '../../cli/context.ts';
import { chromiumArgs, findChromium } from './chromium.ts';
import { everybody } from './everybody.ts';
import { learnerDay } from './learner-day.ts';
import { Visited } from './visit.ts';

const found = findChromium();
if ('missing' in found) console.error(found.missing);

test.runIf(inCi(process.env))('in CI there is a browser', () => {
  expect(found).not.toHaveProperty('missing');
});

// One file, so that all of it shares one browser and one built workbook.
describe.skipIf('missing' in found)('the page in Chromium', () => {
  let browser: Browser;
  let visited: Visited;
  beforeAll(async () => {
    visited = new Visited();
    browser = await chromium.launch({
      executablePath: 'file' in found ? found.file : '',
      args: chromiumArgs(),
    });
  });
  afterAll(async () => {
    await browser?.close();
    await visited?.remove();
  });
  const meeting = () => ({ browser, visited });
  learnerDay(meeting);
  everybody(meeting);
});
