/** The shape of an image recipe; the recipe itself is `vm-images/base/recipe.ts`. */

/** A file of an npm package, pinned by the registry's own integrity digest. */
export type NpmFile = {
  readonly name: string;
  readonly version: string;
  /** `sha512-<base64>` of the package's tarball. */
  readonly integrity: string;
  /** Path of the wanted file inside the package. */
  readonly file: string;
};

export type Recipe = {
  /** Debian release by code name. */
  readonly suite: string;
  readonly architecture: 'amd64';
  readonly packages: readonly string[];
  /** Meta-package whose dependency is the kernel; unpacked for kernel and modules, never installed. */
  readonly kernelPackage: string;
  /** Unpacked for the initramfs, never installed. */
  readonly busyboxPackage: string;
  readonly bun: NpmFile;
  /** dpkg path patterns left out of the root file system, and the exceptions from them. */
  readonly excludedPaths: readonly string[];
  readonly includedPaths: readonly string[];
  /** Kernel modules that the initramfs loads. */
  readonly kernelModules: readonly string[];
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string };
  readonly memoryMiB: number;
  readonly tmpfsMiB: {
    /** All that programs can write to: home, `/tmp`, `/dev/shm`, the layer over the read-only root. */
    readonly programs: number;
    /** `/run`, where the agent keeps what runs come with. */
    readonly run: number;
  };
};
