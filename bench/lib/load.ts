/** A load of so many clients, each of which sends its next program when the last one is answered. */
import type { Client } from './client.ts';
import { type CpuGroup, less, type ServiceCpu } from './cpu.ts';
import { HELLO_OUTPUT, hello } from './hello.ts';

export type LoadOptions = {
  readonly client: Client;
  readonly concurrency: number;
  readonly seconds: number;
  readonly cpu: CpuGroup | undefined;
  /** Waits until nothing is left to do of what the load caused. */
  readonly idle: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly onError: (error: unknown) => void;
};

export type Loaded = {
  /** Programs answered rightly. */
  readonly done: number;
  readonly errors: number;
  /** From the first request until nothing of the load is left to do: the guests it used are replaced. */
  readonly seconds: number;
  /** Times of answers, ms. */
  readonly values: readonly number[];
  /** Over these seconds; undefined where it is not known. */
  readonly cpu: ServiceCpu | undefined;
  /** Of the benchmark itself meanwhile, ms. */
  readonly ownCpuMs: number;
};

/** @throws The signal's reason when it is aborted. */
export async function load(options: LoadOptions): Promise<Loaded> {
  const { client, concurrency, seconds, cpu, idle, signal, onError } = options;
  await idle();
  const [before, own] = [await cpu?.read(), process.cpuUsage()];
  const began = performance.now();
  const values: number[] = [];
  let errors = 0;
  const work = async () => {
    while (performance.now() - began < seconds * 1000) {
      signal.throwIfAborted();
      try {
        values.push((await client.run(hello('javascript'), HELLO_OUTPUT)).ms);
      } catch (error) {
        errors += 1;
        onError(error);
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  await idle();
  const took = (performance.now() - began) / 1000;
  const spent = process.cpuUsage(own);
  const after = await cpu?.read();
  return {
    done: values.length,
    errors,
    seconds: took,
    values,
    cpu: before && after && difference(after, before),
    ownCpuMs: (spent.user + spent.system) / 1000,
  };
}

/** What was used between two readings. */
export const difference = (after: ServiceCpu, before: ServiceCpu): ServiceCpu => ({
  server: less(after.server, before.server),
  guests: less(after.guests, before.guests),
  host: less(after.host, before.host),
});
