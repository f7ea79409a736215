/** What the page loads: the files of Swagger UI and the page's own, from this server alone. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export type Asset = {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly gzipped: Uint8Array<ArrayBuffer>;
  /** Changes when the content does. */
  readonly tag: string;
};

const own = (name: string) => () => join(import.meta.dirname, 'page', name);
const require = createRequire(import.meta.url);

/** What the page loads by name. */
const FILES: ReadonlyMap<string, { readonly path: () => string; readonly type: string }> = new Map([
  ['page.css', { path: own('page.css'), type: 'text/css; charset=utf-8' }],
  ['page.js', { path: own('page.js'), type: 'text/javascript; charset=utf-8' }],
  [
    'swagger-ui.css',
    { path: () => require.resolve('swagger-ui-dist/swagger-ui.css'), type: 'text/css; charset=utf-8' },
  ],
  [
    'swagger-ui-bundle.js',
    {
      path: () => require.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
      type: 'text/javascript; charset=utf-8',
    },
  ],
  [
    'favicon-32x32.png',
    { path: () => require.resolve('swagger-ui-dist/favicon-32x32.png'), type: 'image/png' },
  ],
]);

const loaded = new Map<string, Promise<Asset>>();

/** Reads a file when it is first asked for. Undefined for a name that there is not. */
export async function findAsset(name: string): Promise<Asset | undefined> {
  const file = FILES.get(name);
  if (!file) return undefined;
  let asset = loaded.get(name);
  if (!asset) {
    asset = readFile(file.path()).then((content) => toAsset(content, file.type));
    loaded.set(name, asset);
  }
  return asset;
}

/** The page itself, which asks for each file by name and tag. */
export async function loadPage(): Promise<Asset> {
  let html = await readFile(own('index.html')(), 'utf8');
  for (const name of FILES.keys()) {
    const asset = await findAsset(name);
    html = html.replace(`"openapi/${name}"`, `"openapi/${name}?v=${asset?.tag}"`);
  }
  return toAsset(new TextEncoder().encode(html), 'text/html; charset=utf-8');
}

/** @param type Its media type. */
export async function toAsset(content: Uint8Array, type: string): Promise<Asset> {
  const bytes = new Uint8Array(content);
  const gzipped = new Uint8Array(await promisify(gzip)(bytes));
  return { type, bytes, gzipped, tag: createHash('sha256').update(bytes).digest('base64url').slice(0, 16) };
}
