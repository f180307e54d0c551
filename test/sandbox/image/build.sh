#!/bin/bash
# build.sh SUITE OUT
#
# Builds what every host of one Debian suite starts from:
#   OUT/root   an unpacked system like that of a freshly rented server: systemd, sshd, netplan, resolved, sudo; no mail server
#   OUT/debs   a flat apt repository with the packages which may be installed on it, and all that they need
#
# Needs root, mmdebstrap and apt-utils. The mirror is the one this machine uses, or Debian's own; nothing of it stays in OUT.
set -euo pipefail
suite=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)

# What the hosts can install. Recommended packages come along, as they would on a rented server.
offered=(chasquid openssl certbot python3-certbot-dns-rfc2136 python3-dkim bind9-dnsutils cron acl nftables git etckeeper python3 socat)
# acme.sh entered Debian with trixie; its package is a shell script and installs on bookworm just as well.
case $suite in bookworm) later=(acme.sh) ;; *) later=() offered+=(acme.sh) ;; esac

included=systemd,systemd-sysv,dbus,libpam-systemd,systemd-resolved,netplan.io,udev,openssh-server,python3,sudo,curl,ca-certificates
included+=,iproute2,iputils-ping,procps,netbase,tzdata

# The first URI of this machine's apt sources that serves PATTERN, in either format; DEFAULT where it is not a Debian.
mirror() { # PATTERN DEFAULT
  . /etc/os-release
  local uri=
  [ "$ID" != debian ] || uri=$(
    { cat /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
      awk -v want="$1" '/^URIs:/ { uri = $2 } /^Suites:/ { if ($2 ~ want) { print uri; exit } }'
  )
  [ "$ID" != debian ] || [ -n "$uri" ] || uri=$(
    { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true; } |
      awk -v want="$1" '$1 == "deb" { for (i = 2; i < NF; i++) if ($i ~ /:\//) { if ($(i + 1) ~ want) { print $i; exit }; next } }'
  )
  echo "${uri:-$2}"
}
main=$(mirror '^[a-z]+$' http://deb.debian.org/debian)
security=$(mirror '-security$' http://deb.debian.org/debian-security)

rm -rf "$out"
mkdir -p "$out/root" "$out/debs/partial"
# dpkg writes many small files: in memory that is twice as quick.
[ -n "${TMPDIR:-}" ] || ! [ -w /dev/shm ] || export TMPDIR=/dev/shm

# Settings for reaching the mirror, such as a proxy, which this machine's own apt uses.
reach=()
eval "$(apt-config shell proxy Acquire::http::Proxy proxys Acquire::https::Proxy)"
[ -z "${proxy:-}" ] || reach+=(--aptopt="Acquire::http::Proxy \"$proxy\"")
[ -z "${proxys:-}" ] || reach+=(--aptopt="Acquire::https::Proxy \"$proxys\"")

export OUT=$out HERE=$here MAIN=$main SUITE=$suite OFFERED="${offered[*]}" LATER="${later[*]:-}"
mmdebstrap --mode=root --variant=apt --include="$included" --format=tar \
  --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
  "${reach[@]}" \
  --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Check-Date "false"' \
  --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
  --dpkgopt=force-unsafe-io \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --customize-hook='bash "$HERE/fetch.sh" "$1"' \
  --customize-hook='bash "$HERE/furnish.sh" "$1"' \
  "$suite" - \
  "deb $main $suite main" "deb $main $suite-updates main" "deb $security $suite-security main" |
  tar -x -C "$out/root"

cd "$out/debs"
rm -rf partial lock
apt-ftparchive packages . >Packages
apt-ftparchive release . >.Release && mv .Release Release
echo "$suite: system $(du -sh "$out/root" | cut -f1), $(ls ./*.deb | wc -l) packages $(du -sh . | cut -f1)"
