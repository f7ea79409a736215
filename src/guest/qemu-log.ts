/** How QEMU's own messages are read. */

/** How much of them is kept, characters. */
export const LOG_TAIL = 8192;

/**
 * So much of them is read, characters, and then nothing for so long, ms. A guest can have QEMU complain without end (a
 * balloon over all RAM: 90 000 lines in a second, which cost the server half a processor); QEMU then waits for us, not we
 * for it.
 */
export const LOG_BATCH = 128 * 1024;
export const LOG_PAUSE_MS = 100;
