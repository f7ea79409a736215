/** Builds every object of the service once; the only module that knows them all. */
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { KeyAccess, openAccess } from './access/access.ts';
import { type App, createApp } from './app.ts';
import type { Config } from './config.ts';
import { type ControlApp, createControlApp } from './control/server.ts';
import { buildForkLibrary } from './guest/fork/library.ts';
import { openHosting } from './guest/hosting.ts';
import { findLeftover, reapLeftovers } from './guest/leftovers.ts';
import { groupName } from './host/cgroups/cgroups.ts';
import { readFreeDescriptors } from './host/descriptors.ts';
import { readHostMemory } from './host/memory.ts';
import { readCpuMs, readProcessUsage } from './host/process.ts';
import { Idempotency } from './http/idempotency.ts';
import { sampleView } from './http/runner/sample.ts';
import type { Installed, Present } from './installed.ts';
import { watchIntegrity } from './integrity/watch.ts';
import { bootId } from './lib/boot-clock.ts';
import { makePrivateFolder } from './lib/files.ts';
import { Egress, removeEgress } from './network/egress.ts';
import { findNameServers } from './network/name-servers.ts';
import { KeptGuests } from './postmortem/kept-guests.ts';
import { makerOf, RestoringMaker } from './rollout/maker.ts';
import { observeRollouts } from './rollout/observe.ts';
import { openTemplateById } from './rollout/open.ts';
import { Rollouts } from './rollout/rollouts.ts';
import { TemplateSupply } from './rollout/supply.ts';
import { RunnerPool } from './runner/pool.ts';
import { Runners } from './runner/runners.ts';
import { readWorkerFigures } from './stats/worker.ts';
import { Database, SERVER_BUSY_MS } from './store/database.ts';
import { guestNames } from './store/names.ts';
import { openJournal, RunnerTable } from './store/runners.ts';
import { adoptSurvivors, findSurvivors } from './survivors.ts';
import { GuestMemory } from './telemetry/guest-memory.ts';
import type { Log } from './telemetry/log.ts';
import { Metrics } from './telemetry/metrics.ts';
import { TemplateStore } from './template/store.ts';
import { loadCorpus } from './template/warm-ups.ts';
import { Workshop } from './template/workshop.ts';

/** Folder of the guests' own folders. */
export const guestsFolder = (home: string) => join(home, 'guests');

export type Build = { readonly version: string; readonly accelerator: string; readonly template: string };

export type Service = AsyncDisposable & {
  readonly app: App;
  /** For the operator's commands, on a socket of its own. */
  readonly control: ControlApp;
  readonly pool: RunnerPool;
  readonly runners: Runners;
  readonly build: Build;
  /**
   * As its disposal, which must follow, but runners that stay go on for a later server.
   * @returns How many.
   */
  leave(): Promise<number>;
};

/**
 * Begins to fill the pool. Only one service may use a data folder at a time.
 * @param from Must stay open as long as the service.
 * @throws {StoreError} When the database cannot be used.
 * @throws {EgressError | NoNameServerError} When guests are to have a way out, and this host has none.
 */
export async function compose(
  config: Config,
  { present, template, damaged }: Installed,
  log: Log,
): Promise<Service> {
  await using stack = new AsyncDisposableStack();
  const { home, limits } = config;
  await makePrivateFolder(guestsFolder(home));
  const onFault = (error: unknown) => log.fault(error);
  const onTrouble = (error: unknown) => log.trouble(error);
  const database = stack.use(Database.open(home, { busyMs: SERVER_BUSY_MS }));
  const runnerTable = new RunnerTable(database, bootId());
  const survivors = await findSurvivors(runnerTable, guestsFolder(home));
  const keep = survivors.map(({ runner }) => runner.name);
  await reapLeftovers(guestsFolder(home), keep);
  await Workshop.tidy(home, template.restorePoint);

  const build: Build = {
    version: packageJson.version,
    accelerator: present.accelerator.name,
    get template() {
      return supply.id;
    },
  };
  const metrics = new Metrics({
    build,
    templates: () => supply.roles,
    isWarming: () => supply.current.isWarming,
    pool: () => pool.counts,
    guestMemory: new GuestMemory({
      pids: () => runners.list().map(({ guest }) => guest.pid),
      read: readProcessUsage,
    }),
  });

  for (const file of damaged) metrics.damaged(file);
  metrics.checked();

  // It leaves by itself what guests need that were left to a later server.
  const egress = config.egress.isOn ? stack.use(await openEgress(config, keep, onTrouble)) : undefined;
  if (!egress) await removeEgress(home).catch(onTrouble);
  const hosting = await openHosting(template.restorePoint, {
    name: await groupName(home),
    reserveBytes: config.pool.memoryReserveBytes,
    keep,
    forkLibrary: await forkLibrary(present, home, onTrouble),
  });
  // A start that fails ends no runner: the next one may not.
  let guestsGoOn = keep.length > 0;
  stack.defer(async () => {
    // Its end is that of all guests.
    if (!guestsGoOn) await hosting[Symbol.asyncDispose]();
  });
  if (hosting.missing.length > 0) log.unprotected(hosting.missing);

  const access =
    config.auth === 'none'
      ? openAccess
      : stack.use(new KeyAccess({ database, environmentKey: config.key, onFault }));
  const idempotency = stack.use(new Idempotency({ database, hours: config.idempotencyHours, onFault }));

  const making = {
    hosting: { ...hosting, openPort: egress && (() => egress.port()) },
    folder: guestsFolder(home),
    corpus: config.warmUp === 'full' ? await loadCorpus() : [],
    onWarm: () => pool.review(pool.counts.ready),
    onFailure: onTrouble,
  };
  const supply = stack.use(
    new TemplateSupply({
      current: template,
      makerOf: makerOf(making),
      trialMakerOf: (from) => new RestoringMaker(from, making),
      onFailure: onTrouble,
    }),
  );
  const pool = stack.use(
    new RunnerPool({
      ...config.pool,
      nextName: guestNames(database),
      restore: supply.restore,
      standing: supply.standing,
      availableMemory: () => readHostMemory().availableBytes,
      freeDescriptors: readFreeDescriptors,
      cpuMs: readCpuMs,
      onFailure: onTrouble,
      observer: {
        restored: (ms) => {
          metrics.restored(ms);
          log.restored(ms);
        },
        restoreFailed: metrics.restoreFailed,
        lost: (id) => {
          metrics.lost();
          supply.lost(id);
        },
        stuck: metrics.stuck,
        waited: metrics.waited,
      },
    }),
  );
  const { minutes, most } = config.postMortem;
  const kept = minutes > 0 ? new KeptGuests({ ms: minutes * 60_000, most }) : undefined;
  const runners = stack.use(
    new Runners({
      pool,
      ...(kept && { failedGuests: kept }),
      journal: openJournal(database, runnerTable, onTrouble),
      runsPerRunner: limits.runsPerRunner,
      onUsage: (ownerId, cpuMs) => {
        metrics.guestCpu(cpuMs);
        access.charge(ownerId, cpuMs);
      },
      onRun: supply.ran,
      onFailure: onTrouble,
    }),
  );
  const store = new TemplateStore(home);
  const rollouts = stack.use(
    new Rollouts({
      supply,
      pool,
      store,
      open: (id) => openTemplateById(config, id),
      observer: observeRollouts(log, metrics),
    }),
  );
  const app = createApp({
    runners,
    pool,
    access,
    idempotency,
    limits,
    offersEgress: config.egress.isOn,
    template: supply,
    sample: sampleView,
    workerFigures: () => readWorkerFigures(home),
    log,
    metrics,
    metricsAccess: config.metrics,
  });
  await adoptSurvivors(survivors, {
    table: runnerTable,
    folder: guestsFolder(home),
    hosting,
    egress,
    runners,
    onAdopted: (runner) => log.adopted(runner),
    onFailure: onTrouble,
  });
  const control = createControlApp({
    pool,
    runners,
    rollouts,
    supply,
    store,
    kept,
    onFault,
  });
  const integrity = stack.use(
    watchIntegrity(config, {
      inUse: () => supply.current.template,
      reload: () => rollouts.reload(),
      log,
      metrics,
    }),
  );
  pool.start();
  const leave = async () => {
    const left = await runners.leave();
    guestsGoOn = left > 0;
    return left;
  };
  integrity.start();
  guestsGoOn = false;
  const owned = stack.move();
  return { app, control, pool, runners, build, leave, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** @throws {EgressError | NoNameServerError} When this host cannot have it: why, and what to do. */
async function openEgress(
  { home, egress }: Config,
  keep: readonly string[],
  onFault: (error: Error) => void,
): Promise<Egress> {
  const processes = await Promise.all(keep.map((name) => findLeftover(join(guestsFolder(home), name))));
  return Egress.open({
    instance: home,
    resolvers: await findNameServers(egress.resolvers),
    survivors: processes.filter((found) => found !== undefined),
    onFault,
  });
}

/**
 * Under KVM a QEMU cannot be forked, and a restored guest needs no warmth. Under Deno a descriptor that is no child's cannot be
 * followed.
 */
async function forkLibrary(
  { accelerator }: Present,
  home: string,
  onTrouble: (error: unknown) => void,
): Promise<string | undefined> {
  if (accelerator.name === 'kvm' || !('Bun' in globalThis)) return undefined;
  try {
    return await buildForkLibrary(home);
  } catch (error) {
    onTrouble(error);
    return undefined;
  }
}
