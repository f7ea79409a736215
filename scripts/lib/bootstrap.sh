# Sourced by the scripts: checks that this machine can serve, then installs what is missing.
# Nothing is changed before every check has passed.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bun="$root/node_modules/.bin/bun"
# The lock that node_modules was installed from.
installed="$root/node_modules/.installed.lock"

die() {
  printf 'codeland: %s\n' "$*" >&2
  exit 1
}

# setting NAME: its value, as src/config/ finds it, which also says what is wrong with the file.
setting() {
  local file=${CODELAND_CONFIG:-/etc/codeland/codeland.conf} value=${!1:-}
  if [ -z "$value" ] && [ -r "$file" ]; then
    value=$(sed -n "s/^[[:space:]]*$1[[:space:]]*=[[:space:]]*\(.*[^[:space:]]\)[[:space:]]*\$/\1/p" "$file" | tail -n 1)
    value=${value#[\"\']}
    value=${value%[\"\']}
  fi
  printf '%s\n' "$value"
}

# Debian package → a file or command that shows it is there.
packages=(
  'qemu-system-x86:qemu-system-x86_64'
  'seabios:/usr/share/seabios/bios-256k.bin'
  'mmdebstrap:mmdebstrap'
  'erofs-utils:mkfs.erofs'
  'ca-certificates:/etc/ssl/certs/ca-certificates.crt'
)
# What the fork server is compiled with, for guests that are emulated. It can be done without.
[ "$(id -u)" != 0 ] || packages+=('gcc:gcc' 'libc6-dev:/usr/include/stdio.h')
# What a way out for guests is made with.
egress_packages=('iproute2:ip' 'nftables:nft')
[ "$(setting CODELAND_EGRESS)" != on ] || packages+=("${egress_packages[@]}")
disk_needed_mib=4096
memory_needed_mib=1800

# step LABEL COMMAND...: runs it with its output kept back, shows the elapsed time, and the output if it fails.
step() {
  local label=$1 log started=$SECONDS
  shift
  log=$(mktemp)
  printf '%s …\n' "$label"
  if "$@" >"$log" 2>&1 </dev/null; then
    printf '%s: done (%s s)\n' "$label" $((SECONDS - started))
    rm -f "$log"
  else
    tail -n 30 "$log" >&2
    rm -f "$log"
    die "$label failed after $((SECONDS - started)) s; the end of its output is above"
  fi
}

data_folder() {
  local given
  given=$(setting CODELAND_HOME)
  if [ -n "$given" ]; then
    printf '%s\n' "$given"
  elif [ "$(id -u)" = 0 ]; then
    printf '%s\n' /var/lib/codeland
  else
    printf '%s\n' "$HOME/.local/share/codeland"
  fi
}

missing_packages() {
  local entry sign
  for entry in "${packages[@]}" "$@"; do
    sign=${entry#*:}
    case $sign in
    /*) [ -e "$sign" ] || printf '%s\n' "${entry%%:*}" ;;
    *) PATH="$PATH:/usr/sbin:/sbin" command -v "$sign" >/dev/null || printf '%s\n' "${entry%%:*}" ;;
    esac
  done
}

check_machine() {
  local home free memory place
  [ "$(uname -s)" = Linux ] || die 'this machine does not run Linux; CodeLand needs Linux on x86-64'
  [ "$(uname -m)" = x86_64 ] || die "this machine is $(uname -m); CodeLand needs Linux on x86-64"
  command -v npm >/dev/null || die 'npm is missing; install Node.js with npm (Debian: apt-get install nodejs npm)'
  if [ "$(id -u)" != 0 ] && [ -n "$*" ]; then
    die "these packages are missing and only root can install them: $*"
  fi
  [ -z "$*" ] || command -v apt-get >/dev/null || die "install these first, apt-get is not here to do it: $*"
  memory=$(awk '/^MemTotal:/ { print int($2 / 1024) }' /proc/meminfo)
  [ "$memory" -ge "$memory_needed_mib" ] ||
    die "this machine has $memory MiB of memory; CodeLand needs $memory_needed_mib MiB"
  home=$(data_folder)
  place=$home
  while [ ! -d "$place" ]; do place=$(dirname "$place"); done
  [ -w "$place" ] || die "$place may not be written; set CODELAND_HOME to a folder that may"
  if [ ! -e "$home/templates/current" ]; then
    free=$(df -Pm "$place" | awk 'NR == 2 { print $4 }')
    [ "$free" -ge "$disk_needed_mib" ] ||
      die "$place has $free MiB of free disk space; the first start needs $disk_needed_mib MiB (or set CODELAND_HOME)"
  fi
}

install_debian() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q && apt-get install -qy --no-install-recommends "$@"
}

# Bun installs the packages, itself among them, as bun.lock pins them; npm only brings the Bun that does it.
install_npm() {
  local version scratch
  version=$(node -p 'require(process.argv[1]).dependencies.bun' "$root/package.json")
  scratch=$(mktemp -d)
  npm install --prefix "$scratch" --no-audit --no-fund "bun@$version" || return
  local seed="$scratch/node_modules/.bin/bun"
  "$seed" --version || node "$scratch/node_modules/bun/install.js" || return
  # Where a registry knows more platforms than the lock, the lock is no longer exact, but what it pins stays.
  (cd "$root" && { "$seed" install --frozen-lockfile || "$seed" install --no-save; }) || return
  rm -rf "$scratch"
  "$bun" --version && cp "$root/bun.lock" "$installed"
}

npm_is_current() {
  cmp -s "$root/bun.lock" "$installed" && "$bun" --version >/dev/null 2>&1
}

# bootstrap [PACKAGE:SIGN...]: makes this machine ready to run the service.
bootstrap() {
  local missing=()
  mapfile -t missing < <(missing_packages "$@")
  check_machine "${missing[@]}"
  [ ${#missing[@]} = 0 ] || step "installing ${missing[*]}" install_debian "${missing[@]}"
  npm_is_current || step 'installing npm packages' install_npm
}
