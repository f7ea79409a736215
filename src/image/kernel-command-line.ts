/** What the guest's kernel is started with. The same for every accelerator. */

type KernelOption = { readonly option: string; readonly reason: string };

export const kernelOptions: readonly KernelOption[] = [
  { option: 'quiet', reason: 'each character on the serial port costs an exit; errors still show' },
  { option: 'console=ttyS0', reason: 'init, the agent and a dying kernel write to the serial port' },
  { option: 'panic=-1', reason: 'a panic resets at once, which ends QEMU (-no-reboot): the host sees it' },
  { option: 'oops=panic', reason: 'a guest whose kernel has failed is not handed out or used further' },
  {
    option: 'mitigations=off',
    reason:
      'one tenant in each machine: there is nobody to protect inside it, and page table isolation costs most ' +
      'where page tables are emulated. The host keeps its own mitigations',
  },
  {
    option: 'tsc=reliable',
    reason:
      'keeps the processor’s counter as the clock under TCG: the watchdog would compare it with a slower clock ' +
      'and drop it after a pause. The counter stands still while a guest is stopped and goes on where the saved ' +
      'state left it. Under KVM the paravirtual clock is preferred all the same',
  },
  {
    option: 'no_timer_check',
    reason: 'the check counts interrupts in a short time and panics when a busy host delivers them late',
  },
  {
    option: 'rcupdate.rcu_expedited=1',
    reason: 'one processor: waiting for a grace period would only make mounts and control groups slower',
  },
  { option: 'cgroup_no_v1=all', reason: 'the agent uses version 2 alone' },
  { option: 'random.trust_cpu=off', reason: 'only the host’s bytes count as a reseed of a clone' },
  {
    option: 'psi=0',
    reason: 'nobody reads the pressure figures, and each change of processes counts for them',
  },
  { option: 'cryptomgr.notests', reason: 'no self-tests of ciphers at boot: nothing here uses them' },
];

/** For QEMU's `-append`. */
export const kernelCommandLine: string = kernelOptions.map(({ option }) => option).join(' ');

/**
 * Makes init print {@link PROBE_LINE} to the first serial port and end the machine, before it looks for a disk:
 * proof that an accelerator runs a guest up to its user space.
 */
export const PROBE_OPTION = 'codeland.probe';
export const PROBE_LINE = 'codeland-probe-ok';
