/** Files that cannot be read, told apart by whose fault it is. */
import { isErrno } from './files.ts';

/** A disk or file system that fails: EUCLEAN is what ext4 and XFS say of their own damage, EBADMSG of a checksum's. */
const DISK_FAULTS = ['EIO', 'EBADMSG', 'EUCLEAN'] as const;

/**
 * What is wrong with a file that could not be read, to follow its path in a sentence; undefined when nothing says that
 * it is the file: this process may have run out of descriptors.
 */
export function whyUnreadable(error: unknown): string | undefined {
  if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return 'is missing';
  const fault = DISK_FAULTS.find((code) => isErrno(error, code));
  return fault && `cannot be read, the disk fails (${fault})`;
}
