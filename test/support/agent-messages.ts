/** What a well-behaved agent says, and what it is asked; a test overrides what it is about. */
import type {
  ExitReport,
  HelloReply,
  PreparedReply,
  PrepareRequest,
  RunRequest,
  StatsReply,
} from '../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../src/protocol/version.ts';

export function helloReply(): HelloReply {
  return { type: 'hello', protocol: PROTOCOL_VERSION, agent: '1.0', languages: ['javascript'] };
}

export function preparedReply(more: Partial<PreparedReply> = {}): PreparedReply {
  return {
    type: 'prepared',
    hostname: 'runner-1',
    machineId: '0123456789abcdef0123456789abcdef',
    mac: '52:54:00:10:00:01',
    address: '172.16.0.1',
    nowMicros: 1,
    draws: { kernel: '0123456789abcdef' },
    ...more,
  };
}

export function statsReply(id: number, more: Partial<StatsReply> = {}): StatsReply {
  return {
    type: 'stats',
    id,
    uptimeMs: 5_000,
    processes: 50,
    kernelMemoryBytes: 20_000_000,
    network: { rxBytes: 0, txBytes: 0, rxPackets: 0, txPackets: 0 },
    ...more,
  };
}

export function exitReport(id: number, more: Partial<ExitReport> = {}): ExitReport {
  return {
    type: 'exit',
    id,
    code: 0,
    signal: null,
    timedOut: false,
    truncated: false,
    outOfMemory: false,
    wallMs: 1,
    cpuMs: 1,
    peakMemoryBytes: null,
    ...more,
  };
}

export function prepareRequest(): PrepareRequest {
  return {
    type: 'prepare',
    entropy: '',
    hostname: 'runner-1',
    machineId: '0'.repeat(32),
    nowMicros: 1,
    network: { mac: '52:54:00:10:00:01', address: '172.16.0.1', prefixLength: 12 },
  };
}

export function runRequest(id: number, more: Partial<RunRequest> = {}): RunRequest {
  return {
    type: 'run',
    id,
    warmUp: false,
    keep: false,
    nowMicros: 1,
    language: 'javascript',
    code: 'console.log(1)',
    stdin: '',
    args: [],
    env: {},
    files: {},
    timeLimitMs: 1000,
    outputLimitBytes: 1024,
    ...more,
  };
}
