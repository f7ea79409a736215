/** Writes cpio archives of the "newc" form, as the kernel unpacks them, reproducibly. */

export type CpioEntry =
  | { readonly path: string; readonly type: 'directory' }
  | {
      readonly path: string;
      readonly type: 'file';
      readonly content: Uint8Array;
      readonly executable?: boolean;
    }
  | { readonly path: string; readonly type: 'link'; readonly target: string }
  | { readonly path: string; readonly type: 'device'; readonly major: number; readonly minor: number };

const MODE = { directory: 0o040755, file: 0o100644, executable: 0o100755, link: 0o120777, device: 0o020600 };
const encoder = new TextEncoder();

/** The archive of `entries`, in the order given; everything is root's and has no time. */
export function cpioArchive(entries: readonly CpioEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [index, entry] of entries.entries()) parts.push(...member(entry, index + 1));
  parts.push(...member({ path: 'TRAILER!!!', type: 'file', content: new Uint8Array(0) }, 0));
  return Buffer.concat(parts);
}

function member(entry: CpioEntry, inode: number): readonly Uint8Array[] {
  const content = contentOf(entry);
  const path = encoder.encode(`${entry.path}\0`);
  const device = entry.type === 'device' ? entry : { major: 0, minor: 0 };
  const fields = [
    inode,
    modeOf(entry),
    0, // uid
    0, // gid
    1, // links
    0, // modification time
    content.length,
    0, // device of the archived file
    0,
    device.major,
    device.minor,
    path.length,
    0, // check, unused in this form
  ];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`;
  return [...padded([encoder.encode(header), path]), ...padded([content])];
}

/** `parts` and the zeros that bring their length to a multiple of four. */
function padded(parts: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [...parts, new Uint8Array((4 - (length % 4)) % 4)];
}

function contentOf(entry: CpioEntry): Uint8Array {
  if (entry.type === 'file') return entry.content;
  return entry.type === 'link' ? encoder.encode(entry.target) : new Uint8Array(0);
}

function modeOf(entry: CpioEntry): number {
  return entry.type === 'file' && entry.executable ? MODE.executable : MODE[entry.type];
}
