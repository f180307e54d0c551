. ./answers.sh
. ./scratch.sh
. ../../host/shell/files.sh

backups=/var/backups/chasquid-setup

# refuse STATUS: why a function of files.sh failed.
refuse() {
  case $1 in
    2) fail no-folder "$real cannot be written." "There is no folder $folder." "Create it, then try again." ;;
    3) fail unsafe-link "$real was not changed." "$link is a symbolic link that leads elsewhere, in a folder where others than root may write." \
         "Replace the link by a file, or give its folder to root (chown root, chmod go-w), then try again." ;;
    4) fail folder-changed "$real was not changed." "Somebody else was changing $folder at the same moment." "Check who can write to that folder, then try again." ;;
    *) fail write-failed "$real could not be written." "The reason is in the lines above." "Check whether the disk is full or can only be read (df -h; mount), then try again." ;;
  esac
}

# Backups: one folder per run of a step. files/ has the files as they were, absent the names of those that were not there;
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
