# chasquid as the steps see it.
. ../../host/shell/place.sh
. ../../host/shell/service.sh

# look: what locate sets, with the links of config resolved (a server set up by other hands may keep it elsewhere), and version
# (as 1.15; empty when chasquid is not there). Done once; again after installing.
look() {
  locate
  config=$(readlink -f "$config" || echo /etc/chasquid)
  version=
  if has chasquid; then
    version=$(chasquid -version 2>/dev/null | sed -n 's/^chasquid v\{0,1\}\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
  fi
}

# since MINOR: whether chasquid is at least 1.MINOR.
since() {
  [ -n "$version" ] || return 1
  [ "${version%%.*}" -gt 1 ] || { [ "${version%%.*}" -eq 1 ] && [ "${version#*.}" -ge "$1" ]; }
}

# setting NAME: the effective value in chasquid.conf. The space after the colon differs between builds of protobuf-go.
setting() {
  chasquid-util -C="$config" print-config 2>/dev/null | sed -n "s/^$1:[[:space:]]*\"\(.*\)\"[[:space:]]*$/\1/p" | head -n 1
}
