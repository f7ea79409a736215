/** Everything that the service is measured against. */
import type { Comparators } from '../comparator.ts';
import { bwrapBash, bwrapBun, bwrapNode, bwrapPython } from './bwrap.ts';
import { coldBoot } from './cold-boot.ts';
import { guestAgent } from './guest-agent.ts';
import { httpBwrap, httpNative } from './http.ts';
import { loadvm } from './loadvm.ts';
import { nativeBash, nativeBun, nativeNode, nativePython } from './native.ts';

export const comparators: Comparators = {
  programs: [nativeNode, nativeBun, nativePython, nativeBash, bwrapNode, bwrapBun, bwrapPython, bwrapBash],
  guests: [coldBoot, loadvm, guestAgent],
  servers: [httpNative, httpBwrap],
};
