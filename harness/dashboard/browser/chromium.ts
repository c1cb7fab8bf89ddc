import { existsSync } from 'node:fs';

/** Where the systems put Chromium; the tests download none. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** The browser for the tests, or why there is none. `CHROMIUM` names another. */
export function findChromium(): { file: string } | { missing: string } {
  const named = process.env['CHROMIUM'];
  const found = [...(named === undefined ? [] : [named]), ...PLACES].find((place) => existsSync(place));
  if (found !== undefined) return { file: found };
  return {
    missing:
      'No Chromium was found, so the page was not looked at in a browser. Debian: apt-get install chromium',
  };
}

/** As root, Chromium does not start with its sandbox. The pages it opens are our own. */
export function chromiumArgs(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}
