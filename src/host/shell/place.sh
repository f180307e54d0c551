# Where chasquid is on this server, and whom it runs as.

# locate: sets config (its folder of configuration, as its unit names it), daemonUser and daemonGroup (whom it runs as) and
# unitLoad (systemd's LoadState: loaded, not-found …; empty where there is no systemd).
locate() {
  unitLoad='' daemonUser='' daemonGroup='' config=''
  while IFS='=' read -r key value; do
    case $key in
      LoadState) unitLoad=$value ;;
      User) daemonUser=$value ;;
      Group) daemonGroup=$value ;;
      ExecStart) config=$(printf '%s\n' "$value" | sed -n 's/.*[[:space:]]--\{0,1\}config_dir[= ]\([^ ;]*\).*/\1/p') ;;
    esac
  done <<UNIT
$(systemctl show chasquid.service -p LoadState -p User -p Group -p ExecStart 2>/dev/null)
UNIT
  config=${config:-/etc/chasquid}
  if [ -z "$daemonUser" ]; then
    # systemd runs a unit that names no user as root. Without a unit nothing is known: it is then the user that the packages
    # make, since files for root alone would be of no use once there is a unit; or root, where there is no such user either.
    if [ "$unitLoad" != loaded ] && id chasquid >/dev/null 2>&1; then daemonUser=chasquid; else daemonUser=root; fi
  fi
  [ -n "$daemonGroup" ] || daemonGroup=$(id -gn "$daemonUser" 2>/dev/null) || daemonGroup=$daemonUser
}

# as_daemon COMMAND...: as the user that chasquid runs as.
as_daemon() { if [ "$(id -un)" = "$daemonUser" ]; then "$@"; else runuser -u "$daemonUser" -- "$@"; fi; }

# written NAME: the value that chasquid.conf itself gives, in either kind of quotes.
written() {
  sed -n "s/^[[:space:]]*$1[[:space:]]*:[[:space:]]*[\"']\([^\"']*\)[\"'].*/\1/p" "$config/chasquid.conf" 2>/dev/null | tail -n 1
}

# data_folder: where chasquid keeps its queue, among others.
data_folder() {
  data=$(written data_dir)
  printf '%s\n' "${data:-/var/lib/chasquid}"
}
