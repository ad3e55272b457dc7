import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** A file of the page, ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzip: Buffer;
  readonly brotli: Buffer;
}

export interface Page {
  /** The document at `/`; everything else that it loads is in `files`. */
  readonly document: PageFile;
  /** By the path below `/page/`, whose first part changes with the content: what lies there never changes. */
  readonly files: ReadonlyMap<string, PageFile>;
  /** What the document may load and do. */
  readonly contentSecurityPolicy: string;
}

const BROWSER = new URL('browser/', import.meta.url);
/** What the modules import by name; of each the module that a browser runs as it is. */
const PACKAGES = ['preact', 'preact/hooks', 'htm'];

let page: Page | undefined;

/** The page, made from its sources when it is first asked for: types are taken out, nothing is bundled. */
export function openPage(): Page {
  page ??= makePage();
  return page;
}

function makePage(): Page {
  const modules = readModules();
  const style = readFileSync(new URL('style.css', BROWSER));
  const version = createHash('sha256')
    .update(JSON.stringify([...modules]))
    .update(style)
    .digest('hex')
    .slice(0, 12);
  const importMap = JSON.stringify({
    imports: Object.fromEntries(PACKAGES.map((name) => [name, `/page/${version}/${placeOf(name)}`])),
  });
  const document = readFileSync(new URL('index.html', BROWSER), 'utf8')
    .replaceAll('{{version}}', version)
    .replace('{{imports}}', () => importMap)
    .replace('{{preloads}}', () => preloadsOf([...modules.keys()], version));
  return {
    document: packed('text/html; charset=utf-8', Buffer.from(document)),
    files: new Map([
      ...[...modules].map(([name, text]) => [`${version}/${name}`, packed(JAVASCRIPT, Buffer.from(text))] as const),
      [`${version}/style.css`, packed('text/css; charset=utf-8', style)],
    ]),
    contentSecurityPolicy: policyFor(document),
  };
}

const JAVASCRIPT = 'text/javascript; charset=utf-8';

function readModules(): ReadonlyMap<string, string> {
  const own = readdirSync(BROWSER, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[jt]s$/.test(name))
    .toSorted();
  return new Map([
    ...own.map((name) => [name.replace(/ts$/, 'js'), readModule(name)] as const),
    ...PACKAGES.map((name) => {
      const text = readFileSync(new URL(import.meta.resolve(name)), 'utf8');
      return [placeOf(name), text.replace(/^\/\/# sourceMappingURL=.*$/m, '')] as const;
    }),
  ]);
}

/** In the published package types have been taken out already. */
function readModule(name: string): string {
  const text = readFileSync(new URL(name, BROWSER), 'utf8');
  if (!name.endsWith('.ts')) return text;
  return withoutWarning(() => stripTypeScriptTypes(text)).replaceAll(/(from '\.[^']*)\.ts'/g, "$1.js'");
}

/** That Node may change it one day is nothing to tell whoever runs a service: its version is pinned. */
function withoutWarning<Result>(work: () => Result): Result {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

function placeOf(packageName: string): string {
  return `packages/${packageName.replaceAll('/', '-')}.js`;
}

/** Of every module, since a browser finds out about each only from the one that imports it. */
function preloadsOf(names: readonly string[], version: string): string {
  return names.map((name) => `<link rel="modulepreload" href="/page/${version}/${name}" />`).join('\n    ');
}

function packed(type: string, body: Buffer): PageFile {
  return {
    type,
    body,
    gzip: gzipSync(body, { level: 9 }),
    brotli: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  };
}

/** Nothing from elsewhere; what is inline is the import map alone; no text ever becomes markup or code. */
function policyFor(document: string): string {
  const inline = /<script type="importmap">([^]*?)<\/script>/.exec(document)?.[1] ?? '';
  const hash = createHash('sha256').update(inline).digest('base64');
  return [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' blob: data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}
