/** The guest agent's entry: PID 1 of the guest, started by the initramfs as root. */
import { Agent } from './agent.ts';
import { adoptOrphans, fixAddresses, takePriority } from './kernel.ts';
import { guestSettings, type Settings } from './settings.ts';

const changes = process.env['CODELAND_AGENT_SETTINGS'];
const overrides: Partial<Settings> = changes ? JSON.parse(changes) : {};
const settings: Settings = { ...guestSettings(), ...overrides };
takePriority();
adoptOrphans();
fixAddresses();
new Agent(settings).serve();
