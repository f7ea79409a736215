import { expect, test } from 'bun:test';
import { QmpClient, QmpProtocolError } from 'node-qemu-qmp';
import { AgentLink } from '../../../src/guest/agent-link.ts';
import { Guest } from '../../../src/guest/guest.ts';
import { QemuProcess } from '../../../src/guest/qemu-process.ts';
import { Addresses } from '../../../src/network/addresses.ts';
import { FakeQemu } from '../../../src/node-qemu-qmp/test/support/fake-qemu.ts';
import { ScriptedAgent } from '../../support/scripted-agent.ts';
import { TempFolder } from '../../support/temp-folder.ts';

/** What a guest's kernel can have QEMU say as often as it writes to a register. */
const EVENT = {
  event: 'ACPI_DEVICE_OST',
  timestamp: { seconds: 1, microseconds: 2 },
  data: { info: { source: 0, status: 1, slot: '0', 'slot-type': 'CPU' } },
};

test('a guest that has its QEMU send events without end is lost, and it alone', async () => {
  await using first = await startGuest();
  await using second = await startGuest();
  first.monitor.raw(`${JSON.stringify(EVENT)}\n`.repeat(5000));
  second.monitor.raw(`${JSON.stringify(EVENT)}\n`.repeat(5));
  expect(await first.guest.lost).toBeInstanceOf(QmpProtocolError);
  expect(first.guest.isLost).toBe(true);
  const resumed = second.guest.resume();
  second.monitor.send({ return: {}, id: (await second.monitor.command()).id });
  await resumed;
  expect(second.guest.isLost).toBe(false);
});

/** A guest whose QEMU is played by others; the process does nothing. */
async function startGuest() {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await TempFolder.create());
  const monitor = stack.use(await FakeQemu.start());
  const agent = stack.use(await ScriptedAgent.start());
  const process = stack.use(await QemuProcess.spawn({ command: ['sleep', 'infinity'], inherited: [] }));
  const guest = stack.use(
    new Guest({
      name: 'runner-1',
      network: new Addresses().take(),
      folder: folder.path,
      process,
      qmp: stack.use(await QmpClient.connect({ path: monitor.path })),
      agent: stack.use(await AgentLink.connect(agent.path)),
      port: undefined,
      cgroup: undefined,
    }),
  );
  const ends = stack.move();
  return { guest, monitor, [Symbol.asyncDispose]: () => ends.disposeAsync() };
}
