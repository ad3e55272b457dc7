import type { Screen } from './screen.ts';
import { isAutomated } from './shell.ts';
import { formatElapsed } from './render/text.ts';

/** How the database was found. */
export type OpeningState = 'unmade' | 'stopped' | 'running';

/** Most commands have their answer by then. */
const SILENT_MS = 700;
const FRAME_MS = 250;

/**
 * Says what is waited for while the backend is being opened, which takes long when its Postgres is made first: on a
 * terminal with the time it has taken, and gone when it is over. Returns what ends it.
 */
export function reportOpening(screen: Screen, look: () => Promise<OpeningState>): () => void {
  const { stderr, environment } = screen.shell;
  const isLive = stderr.isTTY === true && environment['TERM'] !== 'dumb' && !isAutomated(environment);
  const startedAtMs = performance.now();
  let what = '';
  const draw = (): void => {
    const elapsed = formatElapsed(performance.now() - startedAtMs);
    stderr.write(`\r${screen.err.text(what)} ${screen.err.paint('dim', elapsed)}\u001b[K`);
  };
  const begin = (said: string): void => {
    if (hasEnded || what !== '') return;
    what = said;
    if (!isLive) return screen.note(what);
    draw();
    frames = setInterval(draw, FRAME_MS);
  };
  let hasEnded = false;
  let frames: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  const prepare = (state: OpeningState): void => {
    if (state === 'unmade') begin('Making the Postgres that everything lives in; only the first start takes this long');
    if (state === 'stopped') silence = setTimeout(() => begin('Starting Postgres'), SILENT_MS);
  };
  // What is wrong is said by what comes of the opening.
  look().then(prepare, () => undefined);
  return () => {
    hasEnded = true;
    clearTimeout(silence);
    clearInterval(frames);
    if (isLive && what !== '') stderr.write('\r\u001b[K');
  };
}
