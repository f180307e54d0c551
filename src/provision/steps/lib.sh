# What the scripts of all steps share. POSIX sh; runs as root, after the inputs have been assigned as variables.
# A check ends with `answer STATE DETAIL`; an apply that cannot go on ends with `fail CODE WHAT WHY FIX`.
# Text for people goes to standard output, JSON lines to file descriptor 3.

# The daemon's user cannot stand where root logs in.
cd /
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
backups=/var/backups/chasquid-setup
facts= changes= problems=

# scratch: a private folder that goes when the script ends; in memory, so that there is room on a full disk too.
scratch=$(mktemp -d /run/chasquid-setup-XXXXXX)
trap 'rm -rf "$scratch"' EXIT
# A cut connection or an end from outside still clears up.
trap 'exit 143' TERM HUP INT PIPE

# json TEXT: one JSON string. Control characters other than the line break have no meaning here and become spaces.
json() {
  case $1 in
    *[!A-Za-z0-9\ .,:\;_/@=+\(\)-]*)
      printf '"'
      printf '%s' "$1" | tr '\001-\011\013-\037\177' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g' |
        awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'
      printf '"' ;;
    *) printf '"%s"' "$1" ;;
  esac
}

# fact NAME VALUE: something observed that the client may want to know.
fact() { facts="$facts${facts:+,}$(json "$1"):$(json "$2")"; }

# change LINE: a line of the difference that apply would make, beginning with + or -.
change() { changes="$changes${changes:+,}$(json "$1")"; }

# problem CODE WHAT WHY FIX: a reason why the step is impossible now. Several may be told at once.
problem() {
  problems="$problems${problems:+,}{\"code\":$(json "$1"),\"what\":$(json "$2"),\"why\":$(json "$3"),\"fix\":$(json "$4")}"
}

# answer done|needed|impossible DETAIL: the end of a check.
answer() {
  printf '{"step":"%s","state":"%s","detail":%s,"facts":{%s},"diff":[%s],"problems":[%s]}\n' \
    "$step" "$1" "$(json "$2")" "$facts" "$changes" "$problems" >&3
  exit 0
}

# fail CODE WHAT WHY FIX: the end of an apply which could not do its work.
fail() {
  printf '%s\n' "$2 $3" >&2
  printf '{"step":"%s","failure":{"code":%s,"what":%s,"why":%s,"fix":%s}}\n' \
    "$step" "$(json "$1")" "$(json "$2")" "$(json "$3")" "$(json "$4")" >&3
  exit 1
}

say() { printf '%s\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }

# --- backups: one folder per run of a step, with the files as they were and the names of those that were not there.

# backup FILE...: keeps each file before it is changed. The folder's name is kept in a file: a pipe's end is a shell of its own.
backup() {
  if [ ! -e "$scratch/backup" ]; then
    backupFolder=$backups/$(date -u +%Y%m%dT%H%M%SZ)-$step
    while ! (umask 077; mkdir -p "$backups" && mkdir "$backupFolder" 2>/dev/null); do
      [ -d "$backupFolder" ] || fail no-backup "The files could not be backed up." "$backups cannot be written." "Look whether the disk is full or can only be read (df -h; mount), then try again."
      backupFolder=${backupFolder}x
    done
    printf '%s\n' "$backupFolder" >"$scratch/backup"
    printf '{"step":"%s","backup":%s}\n' "$step" "$(json "$backupFolder")" >&3
  fi
  backupFolder=$(cat "$scratch/backup")
  for kept in "$@"; do
    if [ -e "$kept" ] || [ -L "$kept" ]; then
      mkdir -p "$backupFolder/files$(dirname "$kept")"
      [ -e "$backupFolder/files$kept" ] || cp -a "$kept" "$backupFolder/files$kept"
    else
      printf '%s\n' "$kept" >>"$backupFolder/absent"
    fi
  done
}

# restore: puts back what the last run of this step had kept, and removes what it had made.
restore() {
  last=$(ls -d "$backups"/[0-9]*-"$step" "$backups"/[0-9]*-"$step"x* 2>/dev/null | sort | tail -n 1)
  [ -n "$last" ] || fail nothing-to-undo "There is nothing to undo." "This step has changed no file on this server yet." "Nothing needs to be done."
  say "Restoring $last"
  if [ -d "$last/files" ]; then (cd "$last/files" && cp -a . /); fi
  if [ -f "$last/absent" ]; then
    while IFS= read -r made; do rm -f -- "$made"; done <"$last/absent"
  fi
  mv "$last" "$backups/undone-$(basename "$last")"
}

# --- files

# replace FILE: writes standard input over FILE in one move, keeping its owner and mode; a link stays a link.
replace() {
  target=$(readlink -f "$1")
  backup "$target"
  fresh=$(mktemp "$target.XXXXXX")
  if [ -e "$target" ]; then
    chmod --reference="$target" "$fresh"
    chown --reference="$target" "$fresh"
  else
    chmod 644 "$fresh"
  fi
  cat >"$fresh" && mv -f "$fresh" "$target" || { rm -f "$fresh"; return 1; }
}

# --- chasquid on this server

unit_value() { systemctl show chasquid.service -p "$1" --value 2>/dev/null; }

# look: sets conf (chasquid's folder, links resolved: a server set up by other hands may keep it elsewhere), daemonUser and
# daemonGroup (whom it runs as) and version (as 1.15; empty when chasquid is not there). Done once; again after installing.
look() {
  unit=$(systemctl show chasquid.service -p ExecStart -p User -p Group 2>/dev/null)
  conf=$(printf '%s\n' "$unit" | sed -n 's/^ExecStart=.*[[:space:]]--\{0,1\}config_dir[= ]\([^ ;]*\).*/\1/p')
  conf=$(readlink -f "${conf:-/etc/chasquid}" || echo /etc/chasquid)
  daemonUser=$(printf '%s\n' "$unit" | sed -n 's/^User=//p')
  daemonUser=${daemonUser:-chasquid}
  daemonGroup=$(printf '%s\n' "$unit" | sed -n 's/^Group=//p')
  [ -n "$daemonGroup" ] || daemonGroup=$(id -gn "$daemonUser" 2>/dev/null) || daemonGroup=chasquid
  version=
  if has chasquid; then
    version=$(chasquid -version 2>/dev/null | sed -n 's/^chasquid v\{0,1\}\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
  fi
}
look

as_daemon() { runuser -u "$daemonUser" -- "$@"; }

# since MINOR: whether chasquid is at least 1.MINOR.
since() {
  [ -n "$version" ] || return 1
  [ "${version%%.*}" -gt 1 ] || { [ "${version%%.*}" -eq 1 ] && [ "${version#*.}" -ge "$1" ]; }
}

# written NAME: the value that chasquid.conf itself gives, in either kind of quotes.
written() {
  sed -n "s/^[[:space:]]*$1[[:space:]]*:[[:space:]]*[\"']\([^\"']*\)[\"'].*/\1/p" "$conf/chasquid.conf" 2>/dev/null | tail -n 1
}

# setting NAME: the effective value in chasquid.conf. The space after the colon differs between builds of protobuf-go.
setting() {
  chasquid-util -C="$conf" print-config 2>/dev/null | sed -n "s/^$1:[[:space:]]*\"\(.*\)\"[[:space:]]*$/\1/p" | head -n 1
}

# --- packages

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
    if [ $status -ne 0 ] && grep -q 'Could not get lock\|Unable to acquire\|Unable to lock' "$scratch/apt"; then
      [ $waited -lt 600 ] || return $status
      say "Another package manager is working on this server; waiting for it …"
      sleep 5
      waited=$((waited + 5))
      continue
    fi
    return $status
  done
}

# install_packages NAME...: those that are missing.
install_packages() {
  missing=
  for name in "$@"; do installed "$name" || missing="$missing $name"; done
  [ -n "$missing" ] || return 0
  [ -z "$(dpkg --audit 2>/dev/null)" ] || dpkg --configure -a
  # The names are words of ours.
  apt update && apt install $missing
}
