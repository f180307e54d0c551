# The one question behind readFacts. Needs only what a minimal Debian or Ubuntu has (POSIX sh, coreutils, find, tar, gzip);
# openssl for DKIM keys, whose private half never leaves the server. Whole files travel as one tar, so that names and contents
# of any bytes arrive unchanged.
. ../shell/answers.sh
. ../shell/place.sh
. ../shell/service.sh

locate
login=$SUDO_USER; [ -n "$login" ] || login=$(id -un)
uid=$(id -u)
sudo=
if [ "$uid" != 0 ] && command -v sudo >/dev/null 2>&1; then
  if timeout 10 sudo -n true 2>/dev/null; then sudo=free; else sudo=asks; fi
fi
name=$(cat /proc/sys/kernel/hostname 2>/dev/null || hostname)
# Only a short name is worth asking the DNS about, and not for long.
case $name in *.*) ;; *) full=$(timeout 1 hostname -f 2>/dev/null) && name=$full;; esac
emit os "" < /etc/os-release
{
  printf 'user=%s\nuid=%s\ngroups=%s\nsudo=%s\nhostname=%s\n' "$login" "$uid" "$(id -Gn)" "$sudo" "$name"
  sed -n 's/^MemTotal: *\([0-9]*\) kB/memory=\1/p' /proc/meminfo
  df -Pk / /var 2>/dev/null | awk 'NR > 1 && $4 ~ /^[0-9]+$/ && (least == "" || $4 < least) { least = $4 } END { print "disk=" least }'
  ip -o addr show scope global 2>/dev/null | awk '{ print "address=" $4 }'
} | emit system ""
version=$(chasquid -version 2>/dev/null)
if [ -n "$version" ] || [ "$unitLoad" = loaded ] || [ -e "$config/chasquid.conf" ]; then
field config "" "$config"
shown=$(show_unit -p LoadState -p ActiveState -p SubState -p StateChangeTimestamp 2>&1) || {
  [ ! -d /run/systemd/system ] || field problem systemctl "$(printf %s "$shown" | tail -n 1 | cut -c 1-300)"
  shown=
}
{
  printf 'version=%s\ndaemon=%s\n%s\n' "$version" "$daemonUser" "$shown"
  ! stopped_on_purpose || echo stopped=yes
} | emit unit ""
[ -d /run/systemd/system ] || field problem systemd "systemd does not run this machine"
if cd "$config" 2>/dev/null; then
files() {
  [ ! -e chasquid.conf ] || printf 'chasquid.conf\0'
  [ ! -f hooks/post-data ] || printf 'hooks/post-data\0'
  find -L domains -mindepth 2 -maxdepth 2 -type f \( -name users -o -name aliases -o -name dkim_selector \) -size -16384k -print0
  find -L certs -mindepth 2 -maxdepth 2 -type f -name fullchain.pem -size -1024k -print0
}
keys() {
  find -L domains -mindepth 2 -maxdepth 2 -name 'dkim:*.pem' -type f -print0
  find -L certs -mindepth 2 -maxdepth 2 -name dkim_privkey.pem -type f -print0
}
secrets() { find -L certs -mindepth 2 -maxdepth 2 -name privkey.pem -print0; }
complaints=$( {
  find -L domains -mindepth 1 -maxdepth 1 -type d -print0 | emit domains ""
  find -L certs -mindepth 1 -maxdepth 1 -type d -print0 | emit certs ""
  find certs/ -mindepth 1 -maxdepth 1 -type l -print0 | emit linked ""
  files | tar --null --no-recursion --dereference --hard-dereference -T - -cf - | gzip -c | emit files ""
  for key in domains/*/dkim:*.pem certs/*/dkim_privkey.pem; do
    [ -f "$key" ] || continue
    if ! command -v openssl >/dev/null 2>&1; then field problem openssl "openssl is not installed"; break; fi
    { command : < "$key"; } 2>/dev/null || { printf "find: '%s': Permission denied\n" "$key"; continue; }
    openssl pkey -in "$key" -passin pass: -pubout -outform DER 2>/dev/null | emit key "$key"
    # Moving a file into the folder changes its status only, so that is what tells when it came.
    stat -L -c %Z -- "$key" | emit changed "$key"
    # In this form the hook's dkimsign may not be able to read it, which depends on its version.
    case $key in (certs/*)
      ! grep -q '^-----BEGIN PRIVATE KEY-----' "$key" || field pkcs8 "$key" "$(dpkg-query -s python3-dkim 2>/dev/null | sed -n 's/^Version: //p')" ;;
    esac
  done
} 2>&1 )
field complaints "" "$complaints"
if [ "$uid" = 0 ] && [ "$daemonUser" != root ] && id "$daemonUser" >/dev/null 2>&1; then
  { files; keys; secrets; } 2>/dev/null | as_daemon xargs -0 -r sh -c \
    'for f do { command : < "$f"; } 2>/dev/null || printf "%s\0" "$f"; done' sh | emit unreadable ""
fi
queue=$(data_folder)/queue
if [ -d "$queue" ] && [ -r "$queue" ]; then field queue "" "$(find "$queue" -maxdepth 1 -name 'm:*' 2>/dev/null | wc -l)"; fi
elif [ -e "$config" ]; then field problem config "$config"
fi
fi
