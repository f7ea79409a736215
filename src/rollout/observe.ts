/** What the log and the metrics say of rollouts. */
import type { Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { RolloutObserver } from './rollouts.ts';

export const observeRollouts = (
  log: Pick<Log, 'template'>,
  metrics: Pick<Metrics, 'rolledOut'>,
): RolloutObserver => ({
  began: ({ template }) => log.template({ step: 'trial', template }),
  decided: ({ outcome, template, before, reason }) => {
    metrics.rolledOut(outcome);
    log.template({ step: outcome, template, before, why: reason });
  },
  replaced: (template, before) => log.template({ step: 'replaced', template, before }),
  turnedOver: (template) => log.template({ step: 'turnedOver', template }),
});
