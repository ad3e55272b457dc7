import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Where a Chromium is: `CHROMIUM`, or where systems put it; undefined when there is none. */
const program = [process.env['CHROMIUM'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path));

/** Why tests in a browser are left out; false when there is a browser. */
export const noBrowser =
  program === undefined &&
  'no Chromium here: install one (apt-get install chromium), or say where it is in the variable CHROMIUM';

/** The machine's own Chromium, without a window. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program ?? '', args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}
