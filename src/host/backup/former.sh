# Looks for the repository that earlier versions kept backups in: the one around chasquid's folder, whole.
#
# Answers former (name: the folder of the repository; text: the remote repository that has a copy, or nothing), and where
# the repository can be read safely inspected, with secrets (paths in it, of what was pushed, that must not be known to
# others) and outside (how many files lie outside chasquid's folder). The repository's own settings are not used: its
# configuration is read as a file, and its objects through our repository; only when all of it is root's.
. ./store.sh

up=$config
while [ ! -f "$up/.git/config" ] || [ ! -f "$up/.git/info/exclude" ] || ! timeout 10 grep -qxF '.new-key*' "$up/.git/info/exclude"; do
  [ "$up" != / ] || stop done ""
  up=$(dirname -- "$up")
done
old=$up/.git
url=$(timeout 10 git config --file "$old/config" --get remote.chasquid-backup.url 2>/dev/null | head -c 300)
# git writes it down once the other side has the commits.
tip=
if [ -f "$old/refs/remotes/chasquid-backup/main" ]; then tip=$(timeout 10 head -c 40 "$old/refs/remotes/chasquid-backup/main")
elif [ -f "$old/packed-refs" ]; then tip=$(timeout 10 sed -n 's|^\([0-9a-f]\{40\}\) refs/remotes/chasquid-backup/main$|\1|p' "$old/packed-refs")
fi
[ -n "$tip" ] || url=
field former "$up" "$url"
[ -n "$url" ] || stop done ""
only_root "$old" && [ -z "$(find "$old" \( ! -user root -o ! -type f ! -type d -o -perm /022 \) -print -quit)" ] || stop done ""
export GIT_ALTERNATE_OBJECT_DIRECTORIES="$old/objects"
git rev-list --objects "$tip" > "$work/objects" || stop done ""
cut -d ' ' -f 1 "$work/objects" | git cat-file --batch-check='%(objecttype) %(objectname)' | sed -n 's/^blob //p' > "$work/blobs"
{
  sed -n 's/^[0-9a-f]* //p' "$work/objects" | grep -aE '(^|/)(g?shadow-?|\.git-credentials|\.netrc|sasl_passwd|dkim:[^/]*\.pem|[^/]*privkey[^/]*|[^/]*\.key)$'
  xargs -r -a "$work/blobs" git grep -laP -e "$keyPattern" 2>/dev/null | sort > "$work/hits"
  sort "$work/objects" | join "$work/hits" - | cut -d ' ' -f 2-
} | sort -u | head -n 200 | emit secrets ""
inside=$(printf %s "$config" | cut -c "$(($(printf %s "$up" | wc -c) + 2))-")
inside="$inside" awk '
  NR == FNR { blob[$1]; next }
  $1 in blob && ENVIRON["inside"] != "" && index(substr($0, 42), ENVIRON["inside"] "/") != 1 { n++ }
  END { print n + 0 }' "$work/blobs" "$work/objects" > "$work/count"
emit outside "" < "$work/count"
field inspected "" ""
field done "" ""
