# Packages of the distribution.
. ./answers.sh
. ./scratch.sh

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# apt WORDS...: apt-get that waits for other package managers (at most ten minutes) and never asks or removes anything.
apt() {
  waited=0
  while :; do
    {
      apt-get -q -y --no-remove --no-install-recommends -o DPkg::Lock::Timeout=60 -o Dpkg::Options::=--force-confold \
        -o Dpkg::Options::=--force-confdef -o Acquire::Retries=2 "$@" && echo 0 >"$scratch/status" || echo $? >"$scratch/status"
    } 2>&1 | tee "$scratch/apt"
    status=$(cat "$scratch/status")
    if [ "$status" -ne 0 ] && grep -q 'Could not get lock\|Unable to acquire\|Unable to lock' "$scratch/apt"; then
      [ $waited -lt 600 ] || return "$status"
      say "Another package manager is working on this server; waiting for it …"
      sleep 5
      waited=$((waited + 5))
      continue
    fi
    return "$status"
  done
}

# install_packages NAME...: those that are missing.
install_packages() {
  missing=
  for name in "$@"; do installed "$name" || missing="$missing $name"; done
  [ -n "$missing" ] || return 0
  [ -z "$(dpkg --audit 2>/dev/null)" ] || dpkg --configure -a
  # shellcheck disable=SC2086 # The names are words of ours.
  apt update && apt install $missing
}
