# How a step is undone: what its last run changed is restored, file by file. What was edited since stays where diff3 can tell
# the two apart; else nothing is undone unless force is yes. Each present version is kept first, in a backup of its own.
. ../shell/library.sh

# Inputs.
: "${force=}"

# last_backup: sets last, the backup of this step's newest run that is not undone.
last_backup() {
  # shellcheck disable=SC2012 # The names are ours.
  last=$(ls -d "$backups"/[0-9]*Z-"$step" "$backups"/[0-9]*Z-"$step"x* 2>/dev/null | sort | tail -n 1)
  [ -n "$last" ] || fail nothing-to-undo "There is nothing to undo." "This step has changed no file on this server yet." "Nothing needs to be done."
}

content_of() { case $1 in file\ *) echo "$1" | cut -d ' ' -f 1-2 ;; *) echo "$1" ;; esac; }
rights_of() { case $1 in file\ *) echo "$1" | cut -d ' ' -f 3- ;; esac; }

# merge NUMBER FILE: the draft without what the step changed, in new/NUMBER.
merge() {
  theirs=$last/files$2
  [ -e "$theirs" ] || { [ ! -L "$theirs" ] && theirs=/dev/null; }
  [ -f "$last/left-files$2" ] && [ ! -L "$last/left-files$2" ] && [ -f draft ] && [ ! -L draft ] && [ ! -L "$theirs" ] || return 1
  # It fails for what is no text.
  diff3 -E -m draft "$last/left-files$2" "$theirs" >"$scratch/new/$1"
}

# decide NUMBER FILE: one line "ACTION RIGHTS NUMBER FILE", separated by tabs, or none. ACTION: restore, remove, merge or
# conflict. RIGHTS (owner, mode, access list): before, or now where they were changed since.
decide() (
  # What the step made went with its folder.
  [ -d "$(dirname "$2")" ] || [ -e "$last/files$2" ] || [ -L "$last/files$2" ] || exit 0
  hold_name "$2" || refuse $?
  was=$(state_of "$last/files$2") now=$(state_of draft) action=
  left=$(file=$2 awk -F '\t' '$2 == ENVIRON["file"] { print $1; exit }' "$last/left" 2>/dev/null)
  if [ "$was" = absent ]; then back=remove; else back=restore; fi
  if [ -z "$left" ] || [ "$(rights_of "$now")" = "$(rights_of "$left")" ]; then rights=before; else rights=now; fi
  if [ "$now" = "$was" ]; then :
  elif [ "$(content_of "$now")" = "$(content_of "$left")" ]; then action=$back
  elif [ "$(content_of "$now")" = "$(content_of "$was")" ]; then [ -z "$left" ] || [ $rights = now ] || action=$back
  elif merge "$1" "$2"; then
    if [ ! -s "$scratch/new/$1" ] && [ $back = remove ]; then action=remove
    elif ! cmp -s "$scratch/new/$1" draft; then action=merge; fi
  elif [ "$force" = yes ]; then action=$back
  else action=conflict; fi
  [ -n "$action" ] || exit 0
  if [ -e draft ] || [ -L draft ]; then cp -a draft "$scratch/now/$1"; fi || refuse 1
  printf '%s\t%s\t%s\t%s\n' $action $rights "$1" "$2"
)

# compare: decides about all files. The step stays as it is when one of them would lose what was edited since.
compare() {
  last_backup
  mkdir -p "$scratch/now" "$scratch/new"
  kept_files "$last" >"$scratch/kept"
  number=0
  while IFS= read -r file; do
    number=$((number + 1))
    decide $number "$file" || exit
  done <"$scratch/kept" >"$scratch/decided"
  edited=$(sed -n 's/^conflict\t.*\t//p' "$scratch/decided" | sed -e :a -e '$!N; s/\n/, /; ta')
  [ -z "$edited" ] || fail changed-since "Edited since this step changed it: $edited." "Undoing the step would discard those edits as well." \
    "Undo anyway (the present version is then kept in $backups), or change the file by hand."
}

# undo_file ACTION RIGHTS NUMBER FILE
undo_file() (
  hold_name "$4" || refuse $?
  [ "$(state_of draft)" = "$(state_of "$scratch/now/$3")" ] || refuse 4
  keep "$4" draft "$replaced"
  before=$last/files$4
  case $1 in
    remove) rm -f -- "../$name" || refuse 1; exit ;;
    merge) from=$scratch/new/$3 ;;
    *) from=$before ;;
  esac
  # The rights first, then the content; a link is taken whole.
  if [ ! -f draft ] || [ -L draft ] || [ -L "$before" ] || { [ "$2" = before ] && [ -e "$before" ]; }; then
    rm -f draft && cp -a "$before" draft || refuse 1
  fi
  if [ ! -L draft ] && ! cmp -s "$from" draft; then fill <"$from"; fi && place || refuse $?
)

# done_to ACTION: the files, as a JSON list.
done_to() {
  list=
  while IFS="$(printf '\t')" read -r action rights number file; do
    [ "$action" != "$1" ] || list="$list${list:+,}$(json "$file")"
  done <"$scratch/decided"
  printf '[%s]' "$list"
}

# restore: undoes the files. Done again after it was cut short, it goes on.
restore() {
  [ -e "$scratch/decided" ] || compare
  replaced=
  if [ -s "$scratch/decided" ]; then replaced=$(new_backup "$(date -u +%Y%m%dT%H%M%SZ)-undo-$step") || no_backup; fi
  while IFS="$(printf '\t')" read -r action rights number file; do
    undo_file "$action" "$rights" "$number" "$file" || exit
  done <"$scratch/decided"
}

# undone: the end of an undo that went well; until then it can be done again.
undone() {
  aside=$backups/undone-$(basename "$last")
  while [ -e "$aside" ]; do aside=${aside}x; done
  mv "$last" "$aside"
  printf '{"step":"%s","undone":{"restored":%s,"merged":%s,"removed":%s,"kept":%s}}\n' \
    "$step" "$(done_to restore)" "$(done_to merge)" "$(done_to remove)" "$(json "$replaced")" >&3
}
