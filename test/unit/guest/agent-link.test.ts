import { describe, expect, test } from 'bun:test';
import { AgentLink } from '../../../src/guest/agent-link.ts';
import { AgentLinkError, RunRefusedError } from '../../../src/guest/errors.ts';
import { encodeOutput, FrameKind } from '../../../src/protocol/frame.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';
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
import { OutputRecorder } from '../../support/output-recorder.ts';
import { ScriptedAgent } from '../../support/scripted-agent.ts';
import { TempFolder } from '../../support/temp-folder.ts';

describe('AgentLink', () => {
  test('says that nobody listens', async () => {
    await using folder = await TempFolder.create();
    const error = await failure(AgentLink.connect(folder.file('none.sock')));
    expect(error).toBeInstanceOf(AgentLinkError);
  });

  test('asks for the hello of an agent', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const hello = link.hello({ ask: true });
    expect(await agent.next()).toEqual({ type: 'hello', protocol: PROTOCOL_VERSION });
    await agent.send(helloReply());
    expect(await hello).toEqual(helloReply());
  });

  test('waits for a hello that it does not ask for, then asks for a second one', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const first = link.hello({ ask: false });
    await agent.send(helloReply());
    expect(await first).toEqual(helloReply());
    const second = link.hello({ ask: true });
    expect(await agent.next()).toMatchObject({ type: 'hello' });
    await agent.send({ ...helloReply(), agent: '2.0' });
    expect(await second).toMatchObject({ agent: '2.0' });
  });

  test('passes on the request to prepare and its answer', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const prepared = link.prepare(prepareRequest());
    expect(await agent.next()).toEqual(prepareRequest());
    await agent.send(preparedReply());
    expect(await prepared).toEqual(preparedReply());
  });

  test('tells of a way out before the run that follows, and waits for no answer', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const exit = { gateway: '172.31.255.254', resolver: '172.31.255.253' };
    link.connect(exit);
    void link.run(runRequest(1), () => {});
    expect(await agent.next()).toEqual({ type: 'connect', ...exit });
    expect(await agent.next()).toEqual(runRequest(1));
  });

  test('gives a run its output in the order it was written, and then its exit', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const output = new OutputRecorder();
    const exit = link.run(runRequest(7), output.listen);
    expect(await agent.next()).toEqual(runRequest(7));
    await agent.output('stdout', 7, 'a');
    await agent.output('stderr', 7, 'b');
    await agent.output('stdout', 7, Uint8Array.of(0, 255));
    await agent.send(exitReport(7, { code: 3 }));
    expect(await exit).toEqual(exitReport(7, { code: 3 }));
    expect(output.chunks).toEqual([
      ['stdout', '61'],
      ['stderr', '62'],
      ['stdout', '00ff'],
    ]);
  });

  test('keeps runs that are under way together apart', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const outputs = [new OutputRecorder(), new OutputRecorder()] as const;
    const first = link.run(runRequest(1), outputs[0].listen);
    const second = link.run(runRequest(2), outputs[1].listen);
    await agent.output('stdout', 2, 'two');
    await agent.send(exitReport(2, { code: 2 }));
    await agent.output('stdout', 1, 'one');
    await agent.send(exitReport(1, { code: 1 }));
    expect(await first).toMatchObject({ id: 1, code: 1 });
    expect(await second).toMatchObject({ id: 2, code: 2 });
    expect(outputs.map(({ text }) => text)).toEqual(['one', 'two']);
  });

  test('takes output up to exactly the limit', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const output = new OutputRecorder();
    const exit = link.run(runRequest(0, { outputLimitBytes: 4 }), output.listen);
    await agent.output('stdout', 0, 'ab');
    await agent.output('stderr', 0, 'cd');
    await agent.send(exitReport(0, { truncated: true }));
    expect(await exit).toMatchObject({ truncated: true });
    expect(output.text).toBe('abcd');
  });

  test('gives no more output to a listener that disposes of the link', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    let calls = 0;
    const exit = failure(
      link.run(runRequest(0), () => {
        calls += 1;
        link[Symbol.dispose]();
      }),
    );
    const output = encodeOutput(FrameKind.stdout, 0, Uint8Array.of(0x78));
    await agent.raw(concat(output, output));
    expect(await exit).toBe(await link.closed);
    await agent.ended;
    expect(calls).toBe(1);
  });

  test('tells why a run was refused, and stays usable', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const refused = failure(link.run(runRequest(0), () => {}));
    await agent.send({ type: 'refused', id: 0, message: 'no such language' });
    expect(await refused).toBeInstanceOf(RunRefusedError);
    expect(await refused).toMatchObject({ message: 'no such language' });
    const exit = link.run(runRequest(0), () => {});
    await agent.send(exitReport(0));
    expect(await exit).toEqual(exitReport(0));
  });

  test('asks for figures, each time under another id', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    for (const [id, processes] of [40, 41].entries()) {
      const stats = link.stats();
      expect(await agent.next()).toEqual({ type: 'stats', id });
      await agent.send(statsReply(id, { processes }));
      expect(await stats).toEqual(statsReply(id, { processes }));
    }
  });

  test('asks once for all who want figures at the same time, also of a guest without a network', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const asked = [link.stats(), link.stats(), link.stats()];
    expect(await agent.next()).toEqual({ type: 'stats', id: 0 });
    await agent.send(statsReply(0, { network: null }));
    for (const stats of asked) expect(await stats).toEqual(statsReply(0, { network: null }));
    void link.stats();
    expect(await agent.next()).toEqual({ type: 'stats', id: 1 });
  });

  test('takes figures in the middle of a run', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    const output = new OutputRecorder();
    const exit = link.run(runRequest(0), output.listen);
    const stats = link.stats();
    await agent.output('stdout', 0, 'a');
    await agent.send(statsReply(0));
    await agent.output('stdout', 0, 'b');
    await agent.send(exitReport(0));
    expect(await stats).toEqual(statsReply(0));
    expect(await exit).toEqual(exitReport(0));
    expect(output.text).toBe('ab');
  });

  test('has a run killed while it is under way, and not afterwards', async () => {
    await using agent = await ScriptedAgent.start();
    using link = await AgentLink.connect(agent.path);
    link.kill(3);
    const exit = link.run(runRequest(3), () => {});
    expect(await agent.next()).toEqual(runRequest(3));
    link.kill(3);
    expect(await agent.next()).toEqual({ type: 'kill', id: 3 });
    await agent.send(exitReport(3, { code: null, signal: 'SIGKILL' }));
    expect(await exit).toMatchObject({ signal: 'SIGKILL' });
    link.kill(3);
    void link.hello({ ask: true });
    expect(await agent.next()).toMatchObject({ type: 'hello' });
  });

  test('ends every wait, later ones too, when it is disposed of; twice is once', async () => {
    await using agent = await ScriptedAgent.start();
    const link = await AgentLink.connect(agent.path);
    const waits = [
      link.hello({ ask: false }),
      link.prepare(prepareRequest()),
      link.run(runRequest(0), () => {}),
      link.stats(),
    ];
    const errors = waits.map(failure);
    link[Symbol.dispose]();
    const reason = await link.closed;
    link[Symbol.dispose]();
    expect(reason).toBeInstanceOf(AgentLinkError);
    for (const error of errors) expect(await error).toBe(reason);
    expect(await failure(link.hello({ ask: true }))).toBe(reason);
    expect(await failure(link.prepare(prepareRequest()))).toBe(reason);
    expect(await failure(link.run(runRequest(1), () => {}))).toBe(reason);
    expect(await failure(link.stats())).toBe(reason);
    link.kill(0);
    expect(await link.closed).toBe(reason);
    await agent.ended;
  });
});
