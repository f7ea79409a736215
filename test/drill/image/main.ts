/** The agent of the drill's guests: the product's own in all but one setting. Whoever runs a program is root. */
import { Agent } from '../../../vm-images/agent/agent.ts';
import {
  adoptOrphans,
  fixAddresses,
  protectFromOutOfMemory,
  takePriority,
} from '../../../vm-images/agent/kernel.ts';
import { guestSettings } from '../../../vm-images/agent/settings.ts';
import { becomeProgram } from '../../../vm-images/agent/spawn.ts';

/** As in the product's. */
const SINGLE_THREADED = {
  BUN_JSC_useConcurrentJIT: '0',
  BUN_JSC_useConcurrentGC: '0',
  BUN_JSC_numberOfGCMarkers: '1',
};

if (process.env['BUN_JSC_useConcurrentJIT'] === undefined) {
  fixAddresses();
  becomeProgram([process.execPath, ...process.argv.slice(1)], SINGLE_THREADED);
}
adoptOrphans();
protectFromOutOfMemory();
const agent = new Agent({ ...guestSettings(), user: { name: 'root', uid: 0, gid: 0 } });
takePriority();
agent.serve();
