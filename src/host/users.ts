/** The users of this host that the service gives to its processes. */

/**
 * Ids from here on up belong to nobody: systemd reserves ("Users, Groups, UIDs and GIDs on systemd Systems") what is
 * below, and what is above does not fit everywhere.
 */
const FIRST_USER = 1_879_048_192;

/** Of the process that reads the questions which hostile guests send to their resolver. No guest's. */
export const RESOLVER_USER = FIRST_USER;

/** Of a guest's QEMU. @param number Of the guest, from 1 on; no two live guests share one. */
export const guestUser = (number: number): number => FIRST_USER + number;
