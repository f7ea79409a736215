import { bareMachine, Qemu } from '../../scripts/qemu.ts';
import { QmpClient } from '../../src/mod.ts';

const binary = 'qemu-system-x86_64';

/** Why tests with a real QEMU cannot run, if so. */
export const missing = Bun.which(binary) === null ? `${binary} is not installed` : undefined;

/** QEMU's protocol without a machine. */
export const bare: readonly string[] = [...bareMachine, '-S'];

/** A machine that can be started and stopped, which `none` cannot: without a disk it stays in its BIOS. */
export const machine: readonly string[] = ['-M', 'pc', '-accel', 'tcg', '-m', '16M', '-S'];

/** A QEMU and a client of it, both gone when the scope ends. */
export interface Running extends AsyncDisposable {
  readonly qemu: Qemu;
  readonly client: QmpClient;
}

export async function run(arguments_: readonly string[], outOfBand = false): Promise<Running> {
  await using stack = new AsyncDisposableStack();
  const qemu = stack.use(await Qemu.start(arguments_, binary));
  const signal = AbortSignal.timeout(30_000);
  const client = stack.use(
    await QmpClient.connect({ path: qemu.path, waitForSocket: true, signal, outOfBand }),
  );
  const held = stack.move();
  return { qemu, client, [Symbol.asyncDispose]: () => held.disposeAsync() };
}
