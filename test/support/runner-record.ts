import type { RunnerRecord } from '../../src/runner/journal.ts';
import { statsReply } from './agent-messages.ts';

/** A runner that stays, as it is written down. */
export function runnerRecord(more: Partial<RunnerRecord> = {}): RunnerRecord {
  return {
    name: 'runner-1',
    owner: 'local',
    template: 'template-1',
    guestNumber: 1,
    network: 'none',
    lifetime: { idleSeconds: 10, maxAgeSeconds: 100 },
    createdAt: 1_700_000_000_000,
    createdBootMs: 5_000,
    history: [{ state: 'READY', at: 2 }],
    proof: {
      hostname: 'runner-1',
      machineId: '0'.repeat(32),
      mac: '52:54:00:10:00:01',
      address: '172.16.0.1',
      clockOffsetMs: 0.5,
      generators: ['kernel'],
    },
    readyStats: statsReply(1),
    ...more,
  };
}
