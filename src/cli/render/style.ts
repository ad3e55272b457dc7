import { styleText } from 'node:util';
import type { OutputStream, Shell } from '../shell.ts';

type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** The signs that are not letters. Every one but the spinner's and the separators is one column wide in both sets. */
interface Marks {
  readonly ok: string;
  readonly failed: string;
  readonly warned: string;
  readonly skipped: string;
  readonly pending: string;
  readonly undone: string;
  readonly spinner: readonly string[];
  readonly barFull: string;
  readonly barEmpty: string;
  readonly rule: string;
  readonly dot: string;
  readonly ellipsis: string;
}

/** What one output stream can show. */
export interface Style {
  readonly paint: Paint;
  readonly marks: Marks;
  /** Text of ours with the typographic signs that the terminal lacks written in ASCII. */
  readonly text: (text: string) => string;
  readonly colours: boolean;
}

const UNICODE: Marks = {
  ok: '✓',
  failed: '✗',
  warned: '!',
  skipped: '–',
  pending: '○',
  undone: '↩',
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  barFull: '━',
  barEmpty: '─',
  rule: '─',
  dot: '·',
  ellipsis: '…',
};

const ASCII: Marks = {
  ok: '+',
  failed: 'x',
  warned: '!',
  skipped: '-',
  pending: '.',
  undone: '<',
  spinner: ['|', '/', '-', '\\'],
  barFull: '=',
  barEmpty: '-',
  rule: '-',
  dot: '-',
  ellipsis: '...',
};

const IN_ASCII: Readonly<Record<string, string>> = {
  '·': '-',
  '…': '...',
  '–': '-',
  '—': '-',
  '→': '->',
  '•': '*',
  '«': '"',
  '»': '"',
};

/** `colourFlag` is false when `--no-color` was given. */
export function styleFor(stream: OutputStream, environment: Shell['environment'], colourFlag: boolean): Style {
  const colours = colourFlag && wantsColours(stream, environment);
  const unicode = showsUnicode(environment);
  return {
    paint: colours ? (format, text) => styleText(format, text, { validateStream: false }) : (_, text) => text,
    marks: unicode ? UNICODE : ASCII,
    text: unicode ? (text) => text : (text) => text.replaceAll(/[·…–—→•«»]/gu, (sign) => IN_ASCII[sign] ?? sign),
    colours,
  };
}

function wantsColours(stream: OutputStream, environment: Shell['environment']): boolean {
  if (environment['NO_COLOR']) return false;
  const force = environment['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return stream.isTTY === true && environment['TERM'] !== 'dumb';
}

/** An unset locale says nothing about the terminal; one that was set to something else than UTF-8 does. */
function showsUnicode(environment: Shell['environment']): boolean {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'];
  return environment['TERM'] !== 'linux' && (locale === undefined || locale === '' || /utf-?8/i.test(locale));
}
