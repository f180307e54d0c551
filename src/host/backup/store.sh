# Where backups are kept on a server: a git repository of our own that only root can reach. git never sees chasquid's
# folder (see snapshot.sh), and is told the repository on every call, so that the settings, hooks and attributes of
# a repository which others own, such as etckeeper's or one inside that folder, have no part in it.
#
# A commit has chasquid/ (the configuration), permissions (a line MODE OWNER:GROUP PATH for each file, and for each
# folder, which ends with /) and, where there are access lists, access-lists (in setfacl's format).
# Branches: main, and until-TIME for each history that was ended. refs/pushed/main is what the remote repository has.
. ../shell/answers.sh
. ../shell/place.sh
. ../shell/files.sh

# Inputs: installGit (yes or no), absent (ok where chasquid's folder may be missing), keyPattern and binaryPattern (what no file
# of a backup may hold, secretPattern.ts).
: "${absent=}" "${installGit=}" "${keyPattern=}" "${binaryPattern=}"

locate
umask 077
# shellcheck disable=SC2046 # Names, a word each.
unset $(env | sed -n 's/^\(GIT_[A-Z0-9_]*\)=.*/\1/p') CDPATH
base=$(readlink -m /var/lib/chasquid-setup)
work=$base/work key=/root/.ssh/chasquid_backup host=$(hostname -f 2>/dev/null || hostname)
export HOME=/root GIT_DIR="$base/backup.git" GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1
export GIT_TERMINAL_PROMPT=0 GIT_OPTIONAL_LOCKS=0 GIT_ALLOW_PROTOCOL=ssh:https GIT_INDEX_FILE="$work/index"
stop() { field "$1" "" "$2"; exit 0; }
# only_root FOLDER: whether nobody else can put something in its place, or into it.
only_root() {
  up=$1
  while [ -d "$up" ] && [ ! -L "$up" ] && [ "$(stat -c %u -- "$up")" = 0 ] && [ -z "$(find "$up" -maxdepth 0 -perm /022)" ]; do
    [ "$up" != / ] || return 0
    up=$(dirname -- "$up")
  done
  return 1
}
tell() { git log -n "$1" --branches --date-order --format='%H %ct %s' 2>/dev/null | emit commits ""; }
config=$(readlink -f -- "$config")
[ -d "$config" ] || [ "$absent" = ok ] || stop missing "$config"
if [ "$installGit" = yes ] && ! command -v git >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get -q -y update && apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=60 install git
fi
command -v git >/dev/null 2>&1 || stop nogit ""
git() {
  command git -c core.attributesFile=/dev/null -c core.excludesFile=/dev/null -c core.hooksPath=/dev/null -c core.fsmonitor=false \
    -c core.quotePath=false -c core.protectNTFS=false -c core.protectHFS=false -c commit.gpgSign=false \
    -c gc.autoDetach=false -c maintenance.autoDetach=false -c advice.pushUpdateRejected=false \
    -c user.name=chasquid -c "user.email=root@$host" "$@"
}
own_folder "$base" && only_root "$base" || stop exposed "$base"
exec 8>"$base/backup.lock" && flock -w 60 8 || stop locked ""
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM HUP INT PIPE
rm -rf "$work" && mkdir "$work" && mkdir -p "$GIT_DIR/info" && git init -q --bare -b main "$GIT_DIR" || stop failed "git init"
# What an interrupted run left: nobody else works here while the lock is held.
find "$GIT_DIR" -name '*.lock' -delete
echo '* -text -ident -filter -working-tree-encoding -export-ignore -export-subst' > "$GIT_DIR/info/attributes"
