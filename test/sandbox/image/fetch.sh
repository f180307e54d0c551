#!/bin/bash
# fetch.sh ROOT: downloads the offered packages, with what they need on top of ROOT, into $OUT/debs. A hook of mmdebstrap,
# because then apt's lists are at hand.
set -euo pipefail
export APT_CONFIG=$MMDEBSTRAP_APT_CONFIG
get=(apt-get -qq -y -o Dir::Cache::archives="$OUT/debs" -o APT::Sandbox::User=root -o APT::Keep-Downloaded-Packages=true)
# One at a time: packages that would not be installed together are still offered.
for package in $OFFERED; do
  "${get[@]}" -o APT::Install-Recommends=true --download-only install "$package" >/dev/null
done
if [ -n "$LATER" ]; then
  lists=$(mktemp -d)
  mkdir "$lists/lists"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $MAIN trixie main" >"$lists/sources"
  from=(-o Dir::Etc::SourceList="$lists/sources" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$lists/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=)
  "${get[@]}" "${from[@]}" update
  (cd "$OUT/debs" && "${get[@]}" "${from[@]}" download $LATER)
  rm -rf "$lists"
fi
