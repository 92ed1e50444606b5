#!/usr/bin/env bash
# Installs the engines that the conformance runner compares, into build/engines.
#
#   bash test/engines/install.sh             Deno, Bun, workerd and wasmtime: needs npm and Python
#   bash test/engines/install.sh --system    the browsers, compilers and emulators too, as Debian packages
#
# What is there already stays. Asks nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Browsers; compilers for this machine; cross compilers, their C libraries and emulators; what divides studies.
system_packages=(
  chromium firefox-esr
  gcc libc6-dev clang
  gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm
  gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc
  gcc-aarch64-linux-gnu libc6-dev-arm64-cross gcc-s390x-linux-gnu libc6-dev-s390x-cross
  gcc-i686-linux-gnu libc6-dev-i386-cross qemu-user
  python3-pip python3-venv
  parallel slurm-wlm munge redis-server
)
# Fetches the sources of WAMR.
command -v cargo >/dev/null || system_packages+=(cargo-web)

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_system() {
  local missing=()
  for package in "${system_packages[@]}"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "installing ${missing[*]}"
  # Another installation may be under way, as on a machine that has just started.
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  as_root "${apt[@]}" update
  as_root "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}

if [ "${1:-}" = --system ]; then install_system; fi

# Every package of these carries its program; nothing is run or downloaded after that.
mkdir -p build/engines/npm
cp test/engines/package.json test/engines/package-lock.json build/engines/npm/
npm ci --prefix build/engines/npm --ignore-scripts --no-audit --no-fund --loglevel=error

[ -x build/engines/python/bin/python ] || python3 -m venv build/engines/python
build/engines/python/bin/python -m pip install --quiet --disable-pip-version-check \
  --require-hashes --only-binary=:all: -r test/engines/requirements.txt
