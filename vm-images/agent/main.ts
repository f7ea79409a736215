/** The guest agent's entry: PID 1 of the guest, started by the initramfs as root. */
import { Agent } from './agent.ts';
import { adoptOrphans, fixAddresses, protectFromOutOfMemory, takePriority } from './kernel.ts';
import { guestSettings } from './settings.ts';
import { becomeProgram } from './spawn.ts';

/**
 * Everything on one thread: its helpers would run behind the programs, at an ordinary priority, and the agent
 * would wait for them while a program writes on.
 */
const SINGLE_THREADED = {
  BUN_JSC_useConcurrentJIT: '0',
  BUN_JSC_useConcurrentGC: '0',
  BUN_JSC_numberOfGCMarkers: '1',
};

// Bun reads them while it starts.
if (process.env['BUN_JSC_useConcurrentJIT'] === undefined) {
  fixAddresses();
  becomeProgram([process.execPath, ...process.argv.slice(1)], SINGLE_THREADED);
}
adoptOrphans();
protectFromOutOfMemory();
const agent = new Agent(guestSettings());
// Its threads have all been started by now.
takePriority();
agent.serve();
