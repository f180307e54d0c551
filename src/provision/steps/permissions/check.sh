. ../../shell/library.sh
. ./find.sh

has chasquid && id "$daemonUser" >/dev/null 2>&1 || answer needed "After chasquid is installed"
unreadable >"$scratch/unreadable.all"
ours <"$scratch/unreadable.all" >"$scratch/unreadable"
unhooked | ours >"$scratch/unhooked"
exposed | ours >"$scratch/exposed"
while IFS= read -r path; do change "~ $path: readable by $daemonUser"; done <"$scratch/unreadable"
while IFS= read -r path; do change "~ $path: executable"; done <"$scratch/unhooked"
while IFS= read -r path; do change "~ $path: not readable by everyone"; done <"$scratch/exposed"
while IFS= read -r path; do foreign_link "$path"; done <"$scratch/unreadable.all" | sort -u >"$scratch/foreign"
while IFS= read -r link; do
  problem unsafe-link "$daemonUser cannot read what $link leads to." \
    "It is a symbolic link in a folder where others than root may write. Whatever they let it lead to would be opened to $daemonUser." \
    "Replace the link by a file, or give its folder to root (chown root, chmod go-w), then try again."
done <"$scratch/foreign"
if [ -s "$scratch/unreadable" ]; then answer needed "$daemonUser cannot read $(wc -l <"$scratch/unreadable") of its files"; fi
[ -z "$changes" ] || answer needed "Some files are open to everyone, or a hook cannot run"
[ -z "$problems" ] || answer impossible "$daemonUser cannot read what a link leads to"
answer done "$daemonUser can read what it needs"
