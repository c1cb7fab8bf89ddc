import type { Browser } from 'playwright-core';
import type { Visited } from './visit.ts';

/** The one browser and the one workbook that all tests share; there from the first test on. */
export type Meeting = () => { browser: Browser; visited: Visited };
