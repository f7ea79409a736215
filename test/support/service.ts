/** A whole service with real guests, and a small client for it. */
import { type RunningServer, serve } from '../../src/main.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { type Answer, type Call, type HttpClient, httpClient, isRecord } from './http-client.ts';
import { TEST_KEY, TestHome } from './test-home.ts';
import { until } from './until.ts';

/** How long a pool may take to fill on a busy machine, ms. */
const FILL_DEADLINE_MS = 120_000;

export class TestService implements AsyncDisposable {
  readonly home: TestHome;
  readonly #environment: Readonly<Record<string, string>>;
  #server: RunningServer;
  /** Sends with the operator's key. */
  #http: HttpClient;

  private constructor(home: TestHome, environment: Readonly<Record<string, string>>, server: RunningServer) {
    this.home = home;
    this.#environment = environment;
    this.#server = server;
    this.#http = httpClient(server.url, TEST_KEY);
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<TestService> {
    await using stack = new AsyncDisposableStack();
    const home = stack.use(await TestHome.create());
    const server = await serveLogged(home, environment);
    stack.move();
    return new TestService(home, environment, server);
  }

  /** Ends the server and starts another one over the same data folder. */
  async restart(): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    this.#server = await serveLogged(this.home, this.#environment);
    this.#http = httpClient(this.#server.url, TEST_KEY);
  }

  get server(): RunningServer {
    return this.#server;
  }

  get url(): string {
    return this.#server.url;
  }

  get pool() {
    return this.#server.service.pool;
  }

  /** All runners, those in use first. */
  get runners(): { readonly name: string; readonly inUse: boolean; readonly pid: number }[] {
    const { runners } = this.#server.service;
    return runners.list().map(({ name, inUse, guest }) => ({ name, inUse, pid: guest.pid }));
  }

  /** Waits until `count` guests are ready. */
  async ready(count = 1): Promise<void> {
    await this.pool.whenReady(count, AbortSignal.timeout(FILL_DEADLINE_MS));
  }

  /** Runs code once a guest is ready for it. */
  async run(body: object, query = '', signal?: AbortSignal): Promise<Answer> {
    await this.ready();
    return this.post(JSON.stringify(body), query, signal);
  }

  async post(body: string, query = '', signal?: AbortSignal): Promise<Answer> {
    return this.request(`/api/v1/runner/run${query}`, { body, ...(signal ? { signal } : {}) });
  }

  /** A request with the operator's key. `POST` when it has a body. */
  request(path: string, call: Call = {}): Promise<Answer> {
    return this.#http(path, call);
  }

  /** The same as {@link request} for somebody who has another key, or none. */
  as(key: string | undefined): HttpClient {
    return httpClient(this.url, key);
  }

  /** Makes a persistent runner once a guest is ready for it; gives its name. */
  async create(body: object = {}, http: HttpClient = this.#http): Promise<string> {
    await this.ready();
    const { status, body: answer } = await http('/api/v1/runner/new', { body });
    if (status !== 200 || typeof answer['runner'] !== 'string') {
      throw new Error(`no runner was made: ${status} ${JSON.stringify(answer)}`);
    }
    return answer['runner'];
  }

  /** Runs code on a persistent runner. */
  runOn(runner: string, body: object, query = '', call: Call = {}): Promise<Answer> {
    return this.#http(`/api/v1/runner/run/${runner}${query}`, { body, ...call });
  }

  info(runner: string): Promise<Answer> {
    return this.#http(`/api/v1/runner/${runner}`);
  }

  remove(runner: string): Promise<Answer> {
    return this.#http(`/api/v1/runner/${runner}`, { method: 'DELETE' });
  }

  /** Waits until so many runs are under way on a runner. */
  async running(runner: string, count = 1): Promise<void> {
    await until(
      `${count} runs on ${runner}`,
      async () => (await this.info(runner)).body['runsUnderWay'] === count,
    );
  }

  /** Waits until there is no such runner. */
  async gone(runner: string): Promise<void> {
    await until(`the end of ${runner}`, async () => (await this.info(runner)).status === 404);
  }

  /** The entries of the list. */
  async list(query = '', http: HttpClient = this.#http): Promise<Readonly<Record<string, unknown>>[]> {
    const { body } = await http(`/api/v1/runner${query}`);
    if (!Array.isArray(body['runners'])) throw new Error(`no list: ${JSON.stringify(body)}`);
    return body['runners'].filter(isRecord);
  }

  async worker(): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#http('/api/v1/worker')).body;
  }

  /** Process id of a runner's QEMU, as the API tells it. */
  async pidOf(runner: string): Promise<number> {
    const { body } = await this.info(runner);
    const pid = Number(body['pid']);
    if (!Number.isInteger(pid) || pid < 2)
      throw new Error(`${runner} has no process: ${JSON.stringify(body)}`);
    return pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
    await this.home[Symbol.asyncDispose]();
  }
}

/** A server whose log is a file in its data folder. */
async function serveLogged(
  home: TestHome,
  environment: Readonly<Record<string, string>>,
): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack();
  const config = home.config(environment);
  const log = stack.use(createLog({ level: config.logLevel, destination: { path: home.logFile } }));
  const { url, service, leave, [Symbol.asyncDispose]: end } = await serve(config, { log });
  stack.defer(end);
  const owned = stack.move();
  return { url, service, leave, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
