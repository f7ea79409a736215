/** What a well-behaved agent says, and what it is asked; a test overrides what it is about. */
import type {
  ExitReport,
  HelloReply,
  PreparedReply,
  PrepareRequest,
  RunRequest,
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
    nowMicros: 1,
    draws: { kernel: '0123456789abcdef' },
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
  return { type: 'prepare', entropy: '', hostname: 'runner-1', machineId: '0'.repeat(32), nowMicros: 1 };
}

export function runRequest(id: number, more: Partial<RunRequest> = {}): RunRequest {
  return {
    type: 'run',
    id,
    warmUp: false,
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
