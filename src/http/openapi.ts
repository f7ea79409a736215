/** The API's description: `/openapi/json`, and a page at `/openapi` to read it and to try the API. */
import type { AnyElysia } from 'elysia';
import manifest from '../../package.json' with { type: 'json' };
import { CodeLandError } from '../runner/errors.ts';
import { type Asset, findAsset, loadPage, toAsset } from './openapi/assets.ts';
import { describeApi } from './openapi/document.ts';

/** The page loads nothing from elsewhere, sends nothing elsewhere, and is in no frame. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Adds the description to an app; it is of the routes that the app has when it is first asked for. Its own
 * routes are for browsers, not a part of the API's types.
 */
export function openApi<const App extends AnyElysia>(app: App): App {
  let document: Promise<Asset> | undefined;
  const hidden = { detail: { hide: true } };
  app
    .get('/openapi', async ({ request }) => answer(request, await loadPage()), hidden)
    .get(
      '/openapi/json',
      async ({ request }) => {
        const text = () => JSON.stringify(describeApi(app.routes, manifest.version));
        document ??= toAsset(new TextEncoder().encode(text()), 'application/json');
        return answer(request, await document);
      },
      hidden,
    )
    .get(
      '/openapi/:file',
      async ({ request, params: { file } }) => {
        const asset = await findAsset(file);
        if (!asset) throw new CodeLandError('notFound', 'no such route');
        return answer(request, asset);
      },
      hidden,
    );
  return app;
}

/** A file that is asked for by what it holds (`?v=`) never changes; any other is asked for again each time. */
function answer(request: Request, { bytes, gzipped, tag, type }: Asset): Response {
  const etag = `"${tag}"`;
  const headers = new Headers({
    etag,
    vary: 'accept-encoding',
    'cache-control': request.url.endsWith(`?v=${tag}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': PAGE_POLICY,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  if (request.headers.get('if-none-match') === etag) return new Response(null, { status: 304, headers });
  headers.set('content-type', type);
  if (!/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) return new Response(bytes, { headers });
  headers.set('content-encoding', 'gzip');
  return new Response(gzipped, { headers });
}
