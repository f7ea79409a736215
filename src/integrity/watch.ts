/** What watches a server's files and what they depend on, wired to its log and its metrics. */
import type { Config } from '../config.ts';
import { TemplateStore } from '../template/store.ts';
import type { Template } from '../template/template.ts';
import { IntegrityMonitor } from './monitor.ts';
import { renew } from './renew.ts';
import type { StartLog } from './start.ts';
import { Upgrades } from './upgrades.ts';

export type WatchServices = {
  /** What guests are restored from. */
  readonly inUse: () => Pick<Template, 'manifest' | 'distrust'>;
  /** Takes what is current now into use. Rejects when it cannot be restored from. */
  readonly reload: () => Promise<unknown>;
  readonly log: StartLog;
  readonly metrics: {
    readonly damaged: (file: string) => void;
    readonly checked: () => void;
    readonly upgraded: (what: string, isUpgraded: boolean) => void;
  };
};

export function watchIntegrity(config: Config, services: WatchServices): IntegrityMonitor {
  const { inUse, reload, log, metrics } = services;
  const store = new TemplateStore(config.home);
  const bake = (signal: AbortSignal) => renew(config, { onProgress: (step) => log.baking(step), signal });
  const renewal = config.rebake === 'auto' ? bake : undefined;
  const upgrades = new Upgrades({
    store,
    pins: () => inUse().manifest.pins,
    renew: renewal,
    reload,
    onUpgraded: metrics.upgraded,
    onNotice: (notice) => log.trouble(notice),
  });
  return new IntegrityMonitor({
    home: config.home,
    store,
    checkHours: config.checkHours,
    inUse,
    reload,
    renew: renewal,
    look: (signal) => upgrades.look(signal),
    onDamage: (damage, file) => {
      metrics.damaged(file);
      log.fault(damage);
    },
    onChecked: metrics.checked,
    onTrouble: (error) => log.trouble(error),
  });
}
