import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { AgentLink } from '../../../src/guest/agent-link.ts';
import { AgentLinkError, RunRefusedError } from '../../../src/guest/errors.ts';
import {
  encodeControl,
  encodeFrame,
  encodeOutput,
  FRAME_LIMIT,
  FrameKind,
} from '../../../src/protocol/frame.ts';
import {
  exitReport,
  helloReply,
  preparedReply,
  prepareRequest,
  runRequest,
  statsReply,
} from '../../support/agent-messages.ts';
import { concat } from '../../support/chunks.ts';
import { failure } from '../../support/failure.ts';
import { frameHeader } from '../../support/frame-header.ts';
import { ScriptedAgent } from '../../support/scripted-agent.ts';

const RUN = 5;
const OUTPUT_LIMIT = 8;
type Misdeed = (agent: ScriptedAgent) => Promise<void>;

/** Lets an agent do something while the host waits for everything at once, and expects all of it to end. */
async function expectLoss(misdeed: Misdeed): Promise<AgentLinkError> {
  await using agent = await ScriptedAgent.start();
  using link = await AgentLink.connect(agent.path);
  const request = runRequest(RUN, { outputLimitBytes: OUTPUT_LIMIT });
  const waits = [
    link.hello({ ask: true }),
    link.prepare(prepareRequest()),
    link.run(request, () => {}),
    link.run({ ...request, id: RUN + 1 }, () => {}),
    link.stats(),
  ];
  const errors = waits.map(failure);
  await misdeed(agent);
  const reason = await link.closed;
  expect(reason).toBeInstanceOf(AgentLinkError);
  for (const error of errors) expect(await error).toBe(reason);
  expect(await failure(link.hello({ ask: true }))).toBe(reason);
  await agent.ended;
  return reason;
}

/** The same for an agent that speaks while nobody waits for anything. */
async function expectLossUnasked(misdeed: Misdeed): Promise<void> {
  await using agent = await ScriptedAgent.start();
  using link = await AgentLink.connect(agent.path);
  await misdeed(agent);
  const reason = await link.closed;
  expect(reason).toBeInstanceOf(AgentLinkError);
  expect(await failure(link.run(runRequest(0), () => {}))).toBe(reason);
  await agent.ended;
}

/** A hello that is right but for bytes in the agent's name that are no UTF-8. */
function helloWith(...bytes: readonly number[]): Uint8Array {
  const text = Buffer.from(JSON.stringify({ ...helloReply(), agent: '@' }));
  const place = text.indexOf('@');
  return concat(text.subarray(0, place), Uint8Array.from(bytes), text.subarray(place + 1));
}

const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('a hostile agent loses its link, and every wait on it ends, when it', () => {
  const misdeeds: Readonly<Record<string, Misdeed>> = {
    'sends an unknown kind of frame': (agent) => agent.raw(frameHeader(0, 3)),
    'announces a frame over the limit': (agent) => agent.raw(frameHeader(FRAME_LIMIT.fromGuest + 1, 0)),
    'sends an empty message': (agent) => agent.control(''),
    'sends what is not JSON': (agent) => agent.control('{"type":'),
    'sends invalid UTF-8 in its hello': (agent) => agent.control(helloWith(0xff)),
    'sends a surrogate in its hello': (agent) => agent.control(helloWith(0xed, 0xa0, 0x80)),
    'sends JSON that is nested deep': (agent) => agent.control(deep(8_000)),
    'sends JSON that is nested deeper than a message is long': (agent) => agent.control(deep(50_000)),
    'pads a message beyond what any message needs': (agent) =>
      agent.control(`${JSON.stringify(helloReply())}${' '.repeat(16 * 1024)}`),
    'sends null': (agent) => agent.control('null'),
    'sends a number': (agent) => agent.control('5'),
    'sends a list': (agent) => agent.control('[]'),
    'sends an object without a type': (agent) => agent.send({}),
    'sends a message of the host': (agent) => agent.send(runRequest(RUN)),
    'adds a property to its hello': (agent) => agent.send({ ...helloReply(), more: 1 }),
    'adds a property to an exit': (agent) => agent.send({ ...exitReport(RUN), more: 1 }),
    'leaves out a property of an exit': (agent) => agent.send({ ...exitReport(RUN), code: undefined }),
    'adds __proto__ to its hello': (agent) =>
      agent.control(JSON.stringify(helloReply()).replace('{', '{"__proto__":{},')),
    'sends output without a run id': (agent) => agent.raw(encodeFrame(FrameKind.stdout, new Uint8Array(3))),
    'sends output of no bytes': (agent) => agent.output('stdout', RUN, ''),
    'sends output of an unknown run': (agent) => agent.output('stdout', RUN + 2, 'x'),
    'sends more output than the limit in one frame': (agent) =>
      agent.output('stdout', RUN, 'x'.repeat(OUTPUT_LIMIT + 1)),
    'sends more output than the limit in small frames on both streams': async (agent) => {
      for (let sent = 0; sent <= OUTPUT_LIMIT; sent += 1) {
        await agent.output(sent % 2 === 0 ? 'stdout' : 'stderr', RUN, 'x');
      }
    },
    'reports the exit of an unknown run': (agent) => agent.send(exitReport(RUN + 2)),
    'sends figures under another id': (agent) => agent.send(statsReply(1)),
    'adds a property to its figures': (agent) => agent.send({ ...statsReply(0), more: 1 }),
    'adds a property to its counters': (agent) =>
      agent.send(statsReply(0, { network: Object.assign({ more: 1 }, statsReply(0).network) })),
    'leaves out a counter': (agent) =>
      agent.send({ ...statsReply(0), network: { rxBytes: 0, txBytes: 0, rxPackets: 0 } }),
    'leaves out a figure': (agent) => agent.send({ ...statsReply(0), processes: undefined }),
    'sends a figure that is negative': (agent) => agent.send(statsReply(0, { uptimeMs: -1 })),
    'sends a figure that is no number': (agent) => agent.send({ ...statsReply(0), processes: '50' }),
    'sends a figure that no number holds exactly': (agent) =>
      agent.send(statsReply(0, { kernelMemoryBytes: 2 ** 60 })),
    'refuses an unknown run': (agent) => agent.send({ type: 'refused', id: RUN + 2, message: 'no' }),
    'writes half a frame and hangs up': async (agent) => {
      await agent.raw(encodeControl(exitReport(RUN)).subarray(0, 20));
      await agent.hangUp();
    },
    'writes half a header and hangs up': async (agent) => {
      await agent.raw(Uint8Array.of(1, 0));
      await agent.hangUp();
    },
    'hangs up in the middle of a run': async (agent) => {
      await agent.output('stdout', RUN, 'x');
      await agent.hangUp();
    },
  };

  test.each(Object.entries(misdeeds))('%s', async (_, misdeed) => {
    await expectLoss(misdeed);
  });

  test.each([
    ['says hello unasked', (agent: ScriptedAgent) => agent.send(helloReply())],
    ['says that it is prepared unasked', (agent: ScriptedAgent) => agent.send(preparedReply())],
    ['sends figures unasked', (agent: ScriptedAgent) => agent.send(statsReply(0))],
    ['sends output though nothing runs', (agent: ScriptedAgent) => agent.output('stdout', 0, 'x')],
    ['reports an exit though nothing runs', (agent: ScriptedAgent) => agent.send(exitReport(0))],
  ])('%s', async (_, misdeed) => {
    await expectLossUnasked(misdeed);
  });

  test.each([
    ['says hello twice', helloReply()],
    ['says twice that it is prepared', preparedReply()],
    ['reports an exit twice', exitReport(RUN)],
    ['sends its figures twice', statsReply(0)],
  ])('%s', async (_, message) => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const waits = [
      link.hello({ ask: true }),
      link.prepare(prepareRequest()),
      link.run(runRequest(RUN), () => {}),
      link.stats(),
    ];
    // The first of the two is right: its wait is answered, the others end.
    const settled = Promise.allSettled(waits);
    await agent.raw(concat(encodeControl(message), encodeControl(message)));
    expect(await link.closed).toBeInstanceOf(AgentLinkError);
    const statuses = (await settled).map(({ status }) => status).sort();
    expect(statuses).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    await agent.ended;
  });

  test('sends output after the exit in the same chunk; none of what follows is used', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const seen: string[] = [];
    const listen = () => seen.push('output');
    const first = link.run(runRequest(1), listen);
    const second = failure(link.run(runRequest(2), listen));
    const tail = encodeFrame(FrameKind.stdout, Uint8Array.of(1, 0, 0, 0, 0x78));
    await agent.raw(concat(encodeControl(exitReport(1)), tail, encodeControl(exitReport(2))));
    expect(await first).toEqual(exitReport(1));
    expect(await second).toBeInstanceOf(AgentLinkError);
    expect(seen).toEqual([]);
  });
});

describe('an agent that floods', () => {
  const FRAMES = 10_000;
  const flood = concat(
    ...Array.from({ length: FRAMES }, (_, index) =>
      encodeOutput(index % 2 === 0 ? FrameKind.stdout : FrameKind.stderr, RUN, Uint8Array.of(index)),
    ),
  );

  test('leaves each turn of the event loop to others, and nothing of it is lost or mixed up', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const seen: number[] = [];
    const seenByTurn = [0];
    const watched = Promise.withResolvers<void>();
    const watch = () => {
      seenByTurn.push(seen.length);
      if (seen.length < FRAMES) setImmediate(watch);
      else watched.resolve();
    };
    const run = link.run(runRequest(RUN, { outputLimitBytes: FRAMES }), (_, chunk) => {
      if (seen.length === 0) setImmediate(watch);
      seen.push(...chunk);
    });
    await agent.raw(flood);
    await agent.send(exitReport(RUN));
    expect(await run).toEqual(exitReport(RUN));
    expect(seen).toEqual(Array.from({ length: FRAMES }, (_, index) => index % 256));
    await watched.promise;
    const most = Math.max(...seenByTurn.map((count, turn) => count - (seenByTurn[turn - 1] ?? 0)));
    expect(most).toBeLessThan(FRAMES / 10);
  });

  test('and hangs up at once has been heard to the end', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    let bytes = 0;
    const run = link.run(runRequest(RUN, { outputLimitBytes: FRAMES }), (_, chunk) => {
      bytes += chunk.length;
    });
    await agent.raw(concat(flood, encodeControl(exitReport(RUN))));
    await agent.hangUp();
    expect(await run).toEqual(exitReport(RUN));
    expect(bytes).toBe(FRAMES);
    expect((await link.closed).message).toBe('the agent link was closed');
  });

  test('is not heard any more once the link is let go', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    let frames = 0;
    const first = Promise.withResolvers<void>();
    const run = failure(
      link.run(runRequest(RUN, { outputLimitBytes: FRAMES }), () => {
        frames += 1;
        first.resolve();
      }),
    );
    await agent.raw(flood);
    await first.promise;
    link[Symbol.dispose]();
    const heard = frames;
    expect(await run).toBeInstanceOf(AgentLinkError);
    await agent.ended;
    await new Promise(setImmediate);
    expect(frames).toBe(heard);
    expect(heard).toBeLessThan(FRAMES);
  });
});

test('an agent that does not read is sent no more than so much', async () => {
  await using agent = await ScriptedAgent.start();
  using link = await AgentLink.connect(agent.path);
  await agent.stall();
  const stdin = 'x'.repeat(0.6 * FRAME_LIMIT.fromHost);
  const taken = [0, 1].map((id) => failure(link.run(runRequest(id, { stdin }), () => {})));
  expect(await failure(link.run(runRequest(2), () => {}))).toBeInstanceOf(RunRefusedError);
  link[Symbol.dispose]();
  for (const error of taken) expect(await error).toBeInstanceOf(AgentLinkError);
});

describe('an agent that sends anything and hangs up', () => {
  const settings = { seed: 20_240_229, numRuns: 60 };
  const hangUpAfter =
    (bytes: Uint8Array): Misdeed =>
    async (agent) => {
      await agent.raw(bytes);
      await agent.hangUp();
    };

  test('as bytes ends every wait', async () => {
    const noise = fc.uint8Array({ minLength: 1, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(noise, async (bytes) => {
        await expectLoss(hangUpAfter(bytes));
      }),
      settings,
    );
  });

  test('as JSON ends every wait', async () => {
    const message = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom('hello', 'prepared', 'exit', 'refused', 'stats'),
        id: fc.jsonValue(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(message, async (value) => {
        const payload = new TextEncoder().encode(JSON.stringify(value));
        await expectLoss(hangUpAfter(encodeFrame(FrameKind.control, payload)));
      }),
      settings,
    );
  });
});
