/** A host that takes a guest over from another one. */
import { describe, expect, test } from 'bun:test';
import { AgentLink } from '../../../src/guest/agent-link.ts';
import { AgentLinkError, RunRefusedError } from '../../../src/guest/errors.ts';
import { encodeControl, encodeOutput, FrameKind } from '../../../src/protocol/frame.ts';
import { exitReport, runRequest, statsReply } from '../../support/agent-messages.ts';
import { nonceOf } from '../../support/attach-nonce.ts';
import { failure } from '../../support/failure.ts';
import { OutputRecorder } from '../../support/output-recorder.ts';
import { ScriptedAgent } from '../../support/scripted-agent.ts';
import { TempFolder } from '../../support/temp-folder.ts';

/** For agents that do not answer. */
const IMPATIENT = { attempts: 3, answerMs: 20, pauseMs: 1 };
/** Nobody waits for so long, ms. */
const FOR_EVER = 600_000;
const MIB = 1024 * 1024;

/** The nonce of the host that comes next. */
const nonceFor = async (agent: ScriptedAgent): Promise<Uint8Array> => nonceOf(await agent.next());

/** A link whose agent has said `before` and then answered. */
async function attached(agent: ScriptedAgent, before: Uint8Array = new Uint8Array()): Promise<AgentLink> {
  const attaching = AgentLink.attach(agent.path);
  const nonce = await nonceFor(agent);
  await agent.raw(before);
  await agent.raw(nonce);
  return attaching;
}

describe('AgentLink.attach', () => {
  test('says that nobody listens', async () => {
    await using folder = await TempFolder.create();
    expect(await failure(AgentLink.attach(folder.file('none.sock')))).toBeInstanceOf(AgentLinkError);
  });

  test.each([
    ['nothing', new Uint8Array()],
    ['the rest of a frame', encodeOutput(FrameKind.stdout, 3, new Uint8Array(40)).subarray(20)],
    ['an answer to the host before', encodeControl(statsReply(0))],
    ['bytes that are no frame', new Uint8Array(60_000).fill(255)],
    ['as much as may be', new Uint8Array(MIB - 100)],
  ])('makes nothing of what comes before the answer: %s', async (_, before) => {
    await using agent = await ScriptedAgent.start();
    using link = await attached(agent, before);
    const stats = link.stats();
    await agent.send(statsReply(0, { processes: 7 }));
    expect(await stats).toMatchObject({ processes: 7 });
  });

  test('finds the answer in pieces', async () => {
    await using agent = await ScriptedAgent.start();
    const attaching = AgentLink.attach(agent.path);
    const nonce = await nonceFor(agent);
    // Its first bytes are there twice: a search that begins anew at each mismatch would miss them.
    await agent.raw(nonce.subarray(0, 7));
    for (const byte of nonce) {
      await agent.raw(Uint8Array.of(byte));
      await Bun.sleep(1);
    }
    using link = await attaching;
    const stats = link.stats();
    await agent.send(statsReply(0));
    expect(await stats).toEqual(statsReply(0));
  });

  test('takes nobody else for the agent: another answer than its own is none', async () => {
    await using agent = await ScriptedAgent.start();
    const attaching = failure(AgentLink.attach(agent.path, { ...IMPATIENT, answerMs: 200, attempts: 2 }));
    const first = await nonceFor(agent);
    await nonceFor(agent);
    await agent.raw(first);
    expect(await attaching).toBeInstanceOf(AgentLinkError);
  });

  test.each([
    ['says nothing', 200, async () => {}],
    ['says too much', FOR_EVER, (agent: ScriptedAgent) => agent.raw(new Uint8Array(MIB + 100_000))],
    ['hangs up', FOR_EVER, (agent: ScriptedAgent) => agent.hangUp()],
  ])('comes again to an agent that %s, which may have to see it go first', async (_, answerMs, act) => {
    await using agent = await ScriptedAgent.start();
    const attaching = AgentLink.attach(agent.path, { ...IMPATIENT, answerMs });
    await nonceFor(agent);
    await act(agent);
    const nonce = await nonceFor(agent);
    await agent.raw(nonce);
    using link = await attaching;
    const stats = link.stats();
    await agent.send(statsReply(0));
    expect(await stats).toEqual(statsReply(0));
  });

  test('gives up', async () => {
    await using agent = await ScriptedAgent.start();
    const error = await failure(AgentLink.attach(agent.path, IMPATIENT));
    expect(error).toBeInstanceOf(AgentLinkError);
    for (let attempt = 0; attempt < IMPATIENT.attempts; attempt += 1) await nonceFor(agent);
    await agent.ended;
  });
});

describe('a run that an earlier host began', () => {
  test('is heard from its first byte on, and to its exit', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await attached(agent);
    const output = new OutputRecorder();
    const run = link.resumeRun({ id: 4, outputLimitBytes: 4 }, output.listen);
    expect(await agent.next()).toEqual({ type: 'resume', id: 4 });
    await agent.output('stdout', 4, 'ab');
    await agent.output('stderr', 4, 'cd');
    await agent.send(exitReport(4, { code: 3 }));
    expect(await run).toEqual(exitReport(4, { code: 3 }));
    expect(output.chunks).toEqual([
      ['stdout', '6162'],
      ['stderr', '6364'],
    ]);
  });

  test('is killed like any other', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await attached(agent);
    void link.resumeRun({ id: 4, outputLimitBytes: 4 }, () => {});
    link.kill(4);
    expect(await agent.next()).toMatchObject({ type: 'resume' });
    expect(await agent.next()).toEqual({ type: 'kill', id: 4 });
  });

  test('has been forgotten', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await attached(agent);
    const run = link.resumeRun({ id: 4, outputLimitBytes: 4 }, () => {});
    await agent.send({ type: 'refused', id: 4, message: 'the run is not known any more' });
    const error = await failure(run);
    expect(error).toBeInstanceOf(RunRefusedError);
    expect(String(error)).toContain('the run is not known any more');
  });

  test('is under way already', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await attached(agent);
    void link.resumeRun({ id: 4, outputLimitBytes: 4 }, () => {});
    expect(() => link.resumeRun({ id: 4, outputLimitBytes: 4 }, () => {})).toThrow('under way');
    expect(() => link.run(runRequest(4), () => {})).toThrow('under way');
  });

  test('may have no more output than it was begun with', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await attached(agent);
    const run = failure(link.resumeRun({ id: 4, outputLimitBytes: 4 }, () => {}));
    await agent.output('stdout', 4, 'abcde');
    expect(String(await run)).toContain('more output than the run may have');
  });

  test('costs the guest its link when it speaks unasked', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await attached(agent);
    await agent.output('stdout', 4, 'a');
    expect((await link.closed).message).toContain('output of a run that is not under way');
  });
});
