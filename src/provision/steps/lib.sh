# What the scripts of all steps share. POSIX sh; runs as root, after the inputs have been assigned as variables and with the
# functions of host/files/safeFiles.ts.
# A check ends with `answer STATE DETAIL`; an apply that cannot go on ends with `fail CODE WHAT WHY FIX`.
# Text for people goes to standard output, JSON lines to file descriptor 3.

# The daemon's user cannot stand where root logs in.
cd /
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
backups=/var/backups/chasquid-setup
facts= changes= problems=

# scratch: a private folder that goes when the script ends; in memory, so that there is room on a full disk too.
scratch=$(mktemp -d /run/chasquid-setup-XXXXXX)
trap leave EXIT
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

# no_answer STEP: that its check ended without an answer, and what it said before, which is in the file $checkOutput.
no_answer() { printf '{"step":"%s","said":%s}\n' "$1" "$(json "$(tail -c 4000 "$checkOutput")")" >&3; }

say() { printf '%s\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }

# refuse STATUS: why a function of safeFiles.ts failed.
refuse() {
  case $1 in
    2) fail no-folder "$real cannot be written." "There is no folder $folder." "Create it, then try again." ;;
    3) fail unsafe-link "$real was not changed." "$link is a symbolic link that leads elsewhere, in a folder where others than root may write." \
         "Replace the link by a file, or give its folder to root (chown root, chmod go-w), then try again." ;;
    4) fail folder-changed "$real was not changed." "Somebody else was changing $folder at the same moment." "Check who can write to that folder, then try again." ;;
    *) fail write-failed "$real could not be written." "The reason is in the lines above." "Check whether the disk is full or can only be read (df -h; mount), then try again." ;;
  esac
}

# --- backups: one folder per run of a step. files/ has the files as they were, absent the names of those that were not there;
# left has a line "STATE<tab>FILE" for each as the step left it, and left-files/ copies of them, but for private keys.

# new_backup NAME: makes a folder NAME, or the next free one, and prints its path.
new_backup() {
  made=$backups/$1
  own_folder "$backups" && while ! mkdir -m 700 "$made" 2>/dev/null; do
    [ -d "$made" ] || return 1
    made=${made}x
  done && printf '%s\n' "$made"
}
no_backup() {
  fail no-backup "The files could not be backed up." "$backups cannot be written, or does not belong to root alone." \
    "Check whether the disk is full or can only be read (df -h; mount; ls -ld $backups), then try again."
}

# begin_backup: sets backupFolder. Its name is kept in a file: a pipe's end is a shell of its own.
begin_backup() {
  if [ ! -e "$scratch/backup" ]; then
    new_backup "$(date -u +%Y%m%dT%H%M%SZ)-$step" >"$scratch/backup.part" || no_backup
    mv "$scratch/backup.part" "$scratch/backup"
    printf '{"step":"%s","backup":%s}\n' "$step" "$(json "$(cat "$scratch/backup")")" >&3
  fi
  backupFolder=$(cat "$scratch/backup")
}

# keep FILE COPY [FOLDER]: keeps COPY as what FILE was; without COPY there was none. FOLDER: another backup than this run's.
keep() {
  if [ -n "${3:-}" ]; then backupFolder=$3; else begin_backup; fi
  if [ -e "$backupFolder/files$1" ] || [ -L "$backupFolder/files$1" ] || grep -qxF -e "$1" "$backupFolder/absent" 2>/dev/null; then return; fi
  if [ -e "$2" ] || [ -L "$2" ]; then
    mkdir -p "$backupFolder/files$(dirname "$1")" && cp -a "$2" "$backupFolder/files$1"
  else
    printf '%s\n' "$1" >>"$backupFolder/absent"
  fi || no_backup
}

# backup FILE...: keeps each file before it is changed, in folders where only root writes; elsewhere replace and install_file do.
backup() { for kept in "$@"; do keep "$kept" "$kept"; done; }

# kept_files FOLDER: the files that a backup is about, a line each.
kept_files() {
  {
    if [ -d "$1/files" ]; then (cd "$1/files" && find . ! -type d | sed 's/^\.//'); fi
    if [ -f "$1/absent" ]; then cat "$1/absent"; fi
  } | sort
}

# state_of FILE: absent, link TARGET, folder, or file SHA256 OWNER:GROUP MODE.
state_of() {
  if [ -L "$1" ]; then printf 'link %s\n' "$(readlink "$1")"
  elif [ ! -e "$1" ]; then echo absent
  elif [ -f "$1" ]; then echo "file $(sha256sum <"$1" | cut -c 1-64) $(stat -c '%u:%g %a' "$1")"
  else echo folder; fi
}

# leave: the end of every script. What a step left is kept too: undo tells from it what was edited since.
leave() {
  if [ -e "$scratch/backup" ]; then
    backupFolder=$(cat "$scratch/backup")
    kept_files "$backupFolder" | while IFS= read -r kept; do
      (
        hold_name "$kept" && printf '%s\t%s\n' "$(state_of draft)" "$kept" >>"$backupFolder/left.part" || exit 1
        if [ -f draft ] && [ ! -L draft ] && ! grep -q 'PRIVATE KEY-----' draft; then
          mkdir -p "$backupFolder/left-files$(dirname "$kept")" && cp -a draft "$backupFolder/left-files$kept"
        fi
      ) || { rm -f "$backupFolder/left.part"; break; }
    done
    [ ! -e "$backupFolder/left.part" ] || mv "$backupFolder/left.part" "$backupFolder/left"
  fi
  rm -rf "$scratch"
}

# --- files

# replace FILE [OWNER:GROUP MODE]: standard input becomes FILE, which keeps its owner, mode and access list; a link stays a
# link. OWNER:GROUP MODE are those of a new one, else root:root 644.
replace() (
  hold "$1" && keep "$real" draft || refuse $?
  [ -e draft ] || { fill </dev/null && chown "${2:-root:root}" draft && chmod "${3:-644}" draft; } || refuse $?
  fill && place || refuse $?
)

# install_file FILE OWNER:GROUP MODE: the same, always with that owner and mode.
install_file() (
  hold "$1" && keep "$real" draft && fill && chown "$2" draft && chmod "$3" draft && place || refuse $?
)

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
