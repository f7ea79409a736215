/** Answers as they come, for the description of the API. */

const receipt = {
  queueMs: 0,
  takeMs: 0.031,
  agentMs: 2.207,
  execMs: 19.01,
  totalMs: 21.418,
  cpuMs: 12.4,
  peakMemoryBytes: 41_283_584,
  bytesIn: 43,
  bytesOut: 17,
};

const output = {
  res: 'SGVsbG8sIENvZGVMYW5kIQ==',
  stdout: 'Hello, CodeLand!\n',
  stderr: '',
  truncated: false,
};

export const runResult = {
  ...output,
  exitCode: 0,
  signal: null,
  outOfMemory: false,
  duration: 21.418,
  runner: 'runner-3',
  receipt,
};

export const runnerTimedOut = {
  name: 'runnerTimedOut',
  message: 'the code ran longer than 5 s and was stopped',
  runner: 'runner-3',
  duration: 5004.31,
  ...output,
  receipt: { ...receipt, execMs: 5001.2, totalMs: 5004.31, cpuMs: 4987.6 },
};

const run = {
  id: 'run-2',
  state: 'ended',
  startedAt: '2026-11-22T07:05:20.101Z',
  endedAt: '2026-11-22T07:05:20.120Z',
  outputBytes: 17,
  exitCode: 0,
  signal: null,
  timedOut: false,
  truncated: false,
  outOfMemory: false,
};

export const runList = { runs: [run] };
export const runRecord = { ...run, output: 'SGVsbG8sIENvZGVMYW5kIQo=', next: 17 };

const traffic = { rxBytes: 3656, txBytes: 1321, rxPackets: 31, txPackets: 14, source: 'host' };

const summary = {
  name: 'runner-1',
  inUse: true,
  state: 'RUNNING',
  kind: 'persistent',
  pid: '1172779',
  ip: '172.16.118.41',
  link: 'net-runner-1',
  memory: '44.23 MiB',
  kmem: '8.36 MiB',
  tx: '1.29 KiB',
  rx: '3.57 KiB',
  total: '4.86 KiB',
};

export const runnerInfo = {
  ...summary,
  runner: 'runner-1',
  other_info: 'persistent, RUNNING, at 172.16.118.41, memory in use 44.23 MiB',
  createdAt: '2026-11-22T07:05:16.204Z',
  ageSeconds: 61.5,
  idleSecondsLeft: 838.5,
  ageSecondsLeft: 86_338.5,
  runsUnderWay: 0,
  runsDone: 2,
  template: '4be1f3a09c27d6e8',
  proof: {
    hostname: 'runner-1',
    machineId: '9f1c02d47a5b4e60b1d3c8aa54e7f012',
    mac: '52:54:00:10:76:29',
    address: '172.16.118.41',
    clockOffsetMs: 0.4,
    generators: ['kernel', 'javascript', 'python'],
  },
  history: [
    { state: 'RESTORING', at: '2026-11-22T07:05:14.880Z' },
    { state: 'READY', at: '2026-11-22T07:05:15.310Z' },
    { state: 'RUNNING', at: '2026-11-22T07:05:16.204Z' },
  ],
  network: {
    mode: 'egress',
    ...traffic,
    connections: [
      {
        protocol: 'tcp',
        destination: '203.0.113.7',
        port: 443,
        verdict: 'allowed',
        sentBytes: 1180,
        receivedBytes: 3520,
      },
      {
        protocol: 'tcp',
        destination: '169.254.169.254',
        port: 80,
        verdict: 'denied',
        sentBytes: 60,
        receivedBytes: 0,
      },
    ],
    names: [{ name: 'example.org', type: 'A', count: 1, verdict: 'answered' }],
    isComplete: true,
  },
  stats: {
    balloon: {
      totalBytes: 246_415_360,
      availableBytes: 200_036_352,
      freeBytes: 176_160_768,
      cachesBytes: 31_457_280,
      majorFaults: 412,
      minorFaults: 60_218,
      swapInBytes: 0,
      swapOutBytes: 0,
      ageSeconds: 1,
    },
    guestMemoryBytes: 46_379_008,
    guestKernelMemoryBytes: 8_766_096,
    hostPssBytes: 98_304_000,
    hostCpuMs: 640,
    uptimeSeconds: 62.1,
    processes: 14,
    network: traffic,
    sampledSecondsAgo: 0,
  },
};

const memory = {
  total: '31.26 GiB',
  available: '24.10 GiB',
  used: '7.16 GiB',
  percent: 22.9,
  totalBytes: 33_565_179_904,
  availableBytes: 25_877_176_320,
  usedBytes: 7_688_003_584,
};

export const runnerList = { memory, runners: [summary, { name: 'runner-2', inUse: true }] };

export const worker = {
  memory,
  disk: { total: '196.80 GiB', free: '151.02 GiB', totalBytes: 211_312_500_736, freeBytes: 162_156_904_448 },
  load: { one: 0.42, five: 0.31, fifteen: 0.2 },
  cpus: 8,
  template: runnerInfo.template,
  pool: { target: 4, ready: 3, restoring: 1, leased: 2, retiring: 0, failed: 0 },
  queue: { length: 0, limit: 100, waits: { count: 3, meanMs: 210.4, p95Ms: 402.7, maxMs: 402.7 } },
  refill: { meanRestoreMs: 430.2, perSecond: 4.6 },
  lastErrors: [
    { at: '2026-11-22T07:01:02.003Z', message: 'ready guest runner-7 was lost: the process ended' },
  ],
};
