/** Everything that the service is measured against. */
import type { Comparators } from '../comparator.ts';
import { nativeNode } from './native.ts';

export const comparators: Comparators = { programs: [nativeNode], servers: [] };
