/** The client, with answers from the test. */
import { describe, expect, it } from 'bun:test';
import { createClient } from '../../../src/client.ts';

type Sent = { readonly url: string; readonly init: RequestInit };

/** A client that gets this answer to everything, and what it sent. */
function clientOf(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const fetcher = async (url: string, init: RequestInit) => {
    sent.push({ url, init });
    return answer();
  };
  return { sent, client: createClient('http://codeland.test/proxy/', { key: 'the-key', fetcher }) };
}

describe('a request', () => {
  it('goes where the route is, with key, query, headers and body', async () => {
    const { client, sent } = clientOf(() => Response.json({}));
    await client.codeland
      .run({ runner: 'runner-7' })
      .post({ code: '1', args: ['a'] }, { query: { time: 5 }, headers: { 'idempotency-key': 'once' } });
    const [request] = sent;
    expect(request?.url).toBe('http://codeland.test/proxy/codeland/run/runner-7?time=5');
    expect(request?.init.method).toBe('POST');
    expect(request?.init.body).toBe('{"code":"1","args":["a"]}');
    const headers = new Headers(request?.init.headers);
    expect(headers.get('authorization')).toBe('Bearer the-key');
    expect(headers.get('idempotency-key')).toBe('once');
    expect(headers.get('content-type')).toBe('application/json');
  });

  it('names no key when there is none', async () => {
    const sent: RequestInit[] = [];
    const client = createClient('http://codeland.test', {
      headers: { 'x-request-id': 'r1' },
      fetcher: async (_, init) => {
        sent.push(init);
        return Response.json({ status: 'ok' });
      },
    });
    await client.healthz.get();
    const headers = new Headers(sent[0]?.headers);
    expect(headers.has('authorization')).toBe(false);
    expect(headers.get('x-request-id')).toBe('r1');
  });
});

describe('an answer', () => {
  it('keeps text as it is, also when it looks like a date or a number', async () => {
    const body = { stdout: '2026-01-01T00:00:00.000Z', stderr: '42', res: 'MjAyNg==' };
    const { client } = clientOf(() => Response.json(body));
    const { data, error } = await client.api.v1.runner.run.post({ code: 'new Date()' });
    expect(error).toBeNull();
    expect<unknown>(data).toEqual(body);
  });

  it('that is a failure is a value, with its status and headers', async () => {
    const body = { name: 'RunnerNotAvailable', message: 'none' };
    const { client } = clientOf(() => Response.json(body, { status: 503, headers: { 'retry-after': '7' } }));
    const { data, error, response } = await client.codeland.run.post({ code: '1' });
    expect(data).toBeNull();
    expect(error?.status).toBe(503);
    expect<unknown>(error?.value).toEqual(body);
    expect(response.headers.get('retry-after')).toBe('7');
  });

  it('that does not come is a rejection, never a failure of the server', async () => {
    const { client } = clientOf(() => Promise.reject(new TypeError('nobody listens')));
    await expect(client.codeland.run.post({ code: '1' })).rejects.toThrow('nobody listens');
  });

  it('that nobody waits for any more is a rejection', async () => {
    const client = createClient('http://127.0.0.1:1');
    const fetch = { signal: AbortSignal.abort(new Error('given up')) };
    await expect(client.codeland.run.post({ code: '1' }, { fetch })).rejects.toThrow('given up');
  });
});
