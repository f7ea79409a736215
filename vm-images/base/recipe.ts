/** What the guest image is made of. Data only: the steps that read it are in `src/image/`. */
import type { Recipe } from '../../src/image/recipe.ts';

export const recipe: Recipe = {
  suite: 'bookworm',
  architecture: 'amd64',

  /** Besides Debian's essential packages. Their dependencies come along; recommendations do not. */
  packages: [
    'bc',
    'bzip2',
    'ca-certificates',
    'curl',
    'file',
    'gawk',
    'iproute2',
    'jq',
    'less',
    'netbase',
    'procps',
    'python3',
    'tzdata',
    'unzip',
    'xz-utils',
    'zip',
  ],

  kernelPackage: 'linux-image-cloud-amd64',
  busyboxPackage: 'busybox-static',

  /** The baseline build: the others need AVX2, which the emulated processor does not have. */
  bun: {
    name: '@oven/bun-linux-x64-baseline',
    version: '1.4.5',
    integrity:
      'sha512-s8yMwYcFnnrA178gji0gZbkE2WVDej/Ti1x770oPfihxyRxSMNhGhiAQNXV53aDeraZxksdvKV/RAdQBCd0qPA==',
    file: 'bin/bun',
  },

  /** Never installed: documents that no program reads. Licences stay. */
  excludedPaths: [
    '/usr/share/doc/*',
    '/usr/share/doc-base/*',
    '/usr/share/info/*',
    '/usr/share/lintian/*',
    '/usr/share/locale/*',
    '/usr/share/man/*',
  ],
  includedPaths: ['/usr/share/doc/*/copyright'],

  /** What init loads, in any order: dependencies are added and sorted from the modules themselves. */
  kernelModules: [
    'virtio_pci',
    'virtio_blk',
    'virtio_console',
    'virtio_balloon',
    'virtio_net',
    'erofs',
    'overlay',
  ],

  user: { name: 'runner', uid: 1000, gid: 1000, home: '/home/runner' },

  memoryMiB: 256,
  /**
   * Upper bounds of the guest's memory file systems, MiB. They take memory only for what is written. A program in a
   * guest whose disk is full still needs memory to run.
   */
  tmpfsMiB: { programs: 112, run: 16 },
};
