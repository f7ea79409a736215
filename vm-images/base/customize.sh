#!/bin/sh
# Runs outside the new root file system ($1) once its packages are installed: turns it into the guest's root
# and leaves, in /codeland-base, what the image build needs besides: the kernel's and busybox's .deb files and
# the list of every package used. The build takes that directory out again.
#
# Environment: KERNEL_PACKAGE (a meta-package), BUSYBOX_PACKAGE, RUNNER_NAME, RUNNER_UID, RUNNER_GID,
# RUNNER_HOME; MMDEBSTRAP_APT_CONFIG makes apt use the new root's sources, keys and pins.
set -eu
umask 022
root=${1:?the new root file system}
base=$root/codeland-base
export APT_CONFIG="$MMDEBSTRAP_APT_CONFIG"
mkdir -p "$base"

# --- packages ---------------------------------------------------------------------------------------------

candidate() { apt-cache policy "$1" | sed -n 's/^  Candidate: //p'; }
kernel_meta_version=$(candidate "$KERNEL_PACKAGE")
kernel=$(apt-cache show "$KERNEL_PACKAGE=$kernel_meta_version" |
  sed -n 's/^Depends:.*\(linux-image-[0-9][^ ,]*\).*/\1/p' | head -n 1)
test -n "$kernel"
boot="$kernel=$(candidate "$kernel") $BUSYBOX_PACKAGE=$(candidate "$BUSYBOX_PACKAGE")"
# shellcheck disable=SC2086 # two words
(cd "$base" && apt-get download -qq -o APT::Sandbox::User=root $boot)
for deb in "$base"/*.deb; do mv "$deb" "$base/$(basename "$deb" | cut -d_ -f1).deb"; done

# One line per package: layer, name, version, SHA-256 of its .deb as the signed index gives it. apt has
# compared the download with that digest.
records() {
  layer=$1
  shift
  apt-cache show "$@" | awk -v layer="$layer" '
    $1 == "Package:" { name = $2 }
    $1 == "Version:" { version = $2 }
    $1 == "SHA256:" { sha256 = $2 }
    $0 == "" { if (name != "") print layer, name, version, sha256; name = "" }
    END { if (name != "") print layer, name, version, sha256 }'
}
installed=$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f '${Package}=${Version} ')
# shellcheck disable=SC2086 # a list
{
  records root $installed
  records boot "$KERNEL_PACKAGE=$kernel_meta_version" $boot
} | LC_ALL=C sort -u >"$base/packages"

# --- users ------------------------------------------------------------------------------------------------

echo "$RUNNER_NAME:x:$RUNNER_UID:$RUNNER_GID:CodeLand:$RUNNER_HOME:/bin/bash" >>"$root/etc/passwd"
echo "$RUNNER_NAME:x:$RUNNER_GID:" >>"$root/etc/group"
echo "$RUNNER_NAME:!::0:99999:7:::" >>"$root/etc/shadow"
echo "$RUNNER_NAME:!::" >>"$root/etc/gshadow"
chmod 0600 "$root/etc/shadow" "$root/etc/gshadow"
rm -f "$root"/etc/passwd- "$root"/etc/group- "$root"/etc/shadow- "$root"/etc/gshadow-
mkdir -p "$root$RUNNER_HOME"
# Nobody logs in or changes users inside a guest.
find "$root" -xdev -type f -perm /6000 -exec chmod ug-s {} +

# --- identity, time, language -----------------------------------------------------------------------------

# The bootstrap copies two of these, with their modes, from the machine that builds.
rm -f "$root/etc/machine-id" "$root/etc/hostname" "$root/etc/hosts" "$root/etc/resolv.conf"
: >"$root/etc/machine-id"
echo template >"$root/etc/hostname"
printf '127.0.0.1\tlocalhost template\n::1\tlocalhost ip6-localhost\n' >"$root/etc/hosts"
: >"$root/etc/resolv.conf"
: >"$root/etc/fstab"
printf 'LANG=C.UTF-8\nTZ=UTC\n' >"$root/etc/environment"
ln -snf /usr/share/zoneinfo/Etc/UTC "$root/etc/localtime"
echo Etc/UTC >"$root/etc/timezone"

# --- Python's bytecode ------------------------------------------------------------------------------------

# unchecked-hash: independent of file times, and Python does not look at the source before it uses one.
find "$root/usr" -type d -name __pycache__ -prune -exec rm -rf {} +
chroot "$root" env -i PATH=/usr/bin:/bin PYTHONHASHSEED=0 \
  python3 -m compileall -q -j 1 --invalidation-mode unchecked-hash \
  /usr/lib/python3.11 /usr/lib/python3 /etc/python3.11

# --- what no guest reads, or what differs from build to build --------------------------------------------

# apt's own folders stay: the bootstrap still uses them, and the build does not unpack them.
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*_* \
  "$root"/var/log/* "$root"/var/backups/* "$root"/var/lib/systemd "$root"/var/lib/dpkg/*-old \
  "$root"/etc/cron.* "$root"/etc/rc?.d "$root"/etc/init.d "$root"/etc/logrotate.d \
  "$root"/usr/share/bug "${root:?}/boot" "$root"/tmp/* "$root"/run/*
