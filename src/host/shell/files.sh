# Shell functions for changing files as root in folders where others than root may write too, such as a domain's folder that
# belongs to the daemon or to a customer. A name there can become a link at any moment, so nothing is written, chowned or
# chmodded by its name: root stands in a folder that it has looked at, and works on a draft which nobody else can reach.
#
# settle, hold, stand and enter set variables, and all but the first change the working folder: for a subshell, or a
# script that ends with them. Status of those that fail: 2 there is no such folder (folder); 3 a link that is not followed
# (link); 4 the folder changed meanwhile; 1 all else, with the reason on standard error (real). Who uses the functions
# defines refuse STATUS, which says so and ends the shell with 1.

# own_folder FOLDER: makes it, for root alone.
own_folder() (
  umask 077 && mkdir -p -- "$1" || exit 1
  if [ ! -L "$1" ] && settle "$1" && folder=$real && enter && [ "$(stat -c %u .)" = 0 ]; then
    [ "$(stat -c %a .)" = 700 ] || chmod 700 .
  else
    printf '%s\n' "$1 is a symbolic link or does not belong to root" >&2
    exit 1
  fi
)

# lock_files SECONDS: one change of chasquid's files at a time. Fails with 5 when another one does not end.
lock_files() {
  own_folder /run/chasquid-setup && command exec 9>/run/chasquid-setup/files.lock || return 1
  flock -w "$1" 9 || return 5
}

# settle PATH: sets real, the path without links. A link is followed where only root can write in its folder. Where one other
# user can, it is followed as long as it leads to a folder of that same user, which enter looks at.
settle() {
  ahead=$1 real=/ link='' links=0 stranger=''
  case $ahead in /*) ;; *) ahead=$(pwd -P)/$ahead ;; esac
  while [ -n "$ahead" ]; do
    part=${ahead%%/*}
    case $ahead in */*) ahead=${ahead#*/} ;; *) ahead= ;; esac
    case $part in
      '' | .) continue ;;
      ..)
        [ -d "$real" ] || { folder=$real; return 2; }
        real=$(dirname -- "$real")
        continue ;;
    esac
    if [ ! -L "${real%/}/$part" ]; then real=${real%/}/$part; continue; fi
    link=${real%/}/$part
    who=$(stat -c '%u %A' -- "$real")
    case $who in
      '0 d'????-??-*) ;;
      *' d'????-??-*)
        [ "${stranger:-${who%% *}}" = "${who%% *}" ] || return 3
        stranger=${who%% *} ;;
      *) return 3 ;;
    esac
    links=$((links + 1))
    [ $links -le 40 ] || return 3
    part=$(readlink -- "$link")
    case $part in /*) real=/ ;; esac
    ahead=$part/$ahead
  done
}

# enter: stands in folder, after settle.
enter() {
  [ -d "$folder" ] || return 2
  cd -P -- "$folder" && [ "$(pwd -P)" = "$folder" ] || return 4
  [ -z "$stranger" ] || [ "$(stat -c %u .)" = "$stranger" ] || return 3
}

# stand: stands, after settle, in a new folder beside real that only root can enter; ../$name is real. Who owns the folder
# around it can rename it, but not move it elsewhere (a folder that changes its parent must be writable, rename(2)): its ..
# stays the folder that enter has looked at.
stand() {
  folder=$(dirname -- "$real") name=$(basename -- "$real") standing='' private=''
  enter || return
  trap 'leave_draft || :' EXIT
  trap 'exit 143' TERM HUP INT PIPE
  private=$(mktemp -d ./.draft.XXXXXXXX) || return 1
  cd -P -- "$private" && [ "$(pwd -P)" = "${folder%/}/${private#./}" ] || return 4
  case $(stat -c '%u %a' .) in '0 700' | '0 2700') ;; *) return 4 ;; esac
  [ -z "$(ls -A)" ] || return 4
  standing=$(stat -c %d:%i .)
}
leave_draft() {
  if [ "$(stat -c %d:%i .)" = "$standing" ]; then rm -rf -- ./draft && cd .. && rmdir -- "$private"
  elif [ -n "$private" ] && [ "$(pwd -P)" = "$folder" ]; then rmdir -- "$private"; fi
} 2>/dev/null

# hold FILE: stands beside it, with a copy of it called draft: the same owner, mode, access list and attributes. No draft
# where there is no FILE. hold_name FILE: the same, but where FILE is a link, draft is that link.
hold() {
  settle "$1" && stand && copy_draft || return
  [ ! -L draft ] || return 4
}
hold_name() { settle "$(dirname -- "$1")" && real=${real%/}/$(basename -- "$1") && stand && copy_draft; }
copy_draft() {
  [ -e "../$name" ] || [ -L "../$name" ] || return 0
  [ -f "../$name" ] || [ -L "../$name" ] || { printf '%s\n' "$real is not a regular file" >&2; return 1; }
  # -a copies a link, a pipe or a device that was put there meanwhile as such, without opening it.
  cp -a -- "../$name" draft || return 1
  [ -f draft ] || [ -L draft ] || return 4
}

# fill: standard input becomes the content of draft. place: gives draft its name.
fill() { cat >draft || return 1; }
place() { { [ -L draft ] || sync draft; } && mv -fT -- draft "../$name" && { sync .. 2>/dev/null || :; }; }

# read_file FILE: its content, nothing where there is none. A link of somebody else could make root copy a secret to them.
read_file() (
  hold "$1" && { [ ! -e draft ] || cat draft; } || refuse $?
)

# write_file FILE OWNER:GROUP MODE: standard input becomes FILE.
write_file() (
  hold "$1" && fill && chown -- "$2" draft && chmod -- "$3" draft && place || refuse $?
)

# make_folder FOLDER OWNER:GROUP MODE: its parent is there; it may be there itself.
make_folder() (
  if [ -d "$1" ]; then settle "$1" && folder=$real && enter && chown -- "$2" . && chmod -- "$3" .
  else settle "$1" && stand && chown -- "$2" . && chmod -- "$3" . && mv -T -- "../${private#./}" "../$name"; fi || refuse $?
)
