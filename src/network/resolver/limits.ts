/** What a guest gets of the resolver, and the resolver of its memory. */

/** Names of a guest that are kept. What it asks beyond is answered and not recorded. */
export const RECORDED_NAMES = 256;

/** Longest line between the server and the process, bytes: a full list of the longest names has less. */
export const LINE_BYTES = 128 * 1024;

/**
 * Questions of a guest: so many a second, and so many at once after a pause. More get no answer; whoever asks tries
 * again after some seconds.
 */
export const QUESTIONS = { perSecond: 50, burst: 100 };

/** Questions of a guest whose answers are awaited. Each holds a descriptor, of which there are 4096. */
export const PENDING = 16;

/** Connections of a guest, and how long one may be idle, ms. RFC 7766, 6.2.3, wants a few seconds. */
export const CONNECTIONS = { most: 4, idleMs: 5_000 };

/** Largest question, bytes: one name has 255 at most. */
export const QUESTION_BYTES = 512;

/** Largest answer of a name server over TCP, bytes. */
export const ANSWER_BYTES = 16 * 1024;

/** Records of an answer that are passed on. */
export const ANSWER_RECORDS = 64;

/** Largest answer by UDP, bytes: what each asker takes (RFC 1035), and what passes everywhere (DNS Flag Day 2020). */
export const UDP_BYTES = { plain: 512, extended: 1232 };

/** How long one name server may take, and all of them for one question, ms. A guest's own library waits for 5 s. */
export const ANSWER_MS = { each: 1_500, all: 4_000 };
