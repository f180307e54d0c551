. ../../shell/library.sh

# greeting PORT: the first line that a server on this machine says.
greeting_of() {
  timeout 6 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && IFS= read -r -t 5 line <&3 && echo "$line"' greet "$1" 2>/dev/null | tr -d '\r'
}

# name_on_465: whether the certificate shown there is for this server.
certificate_shown() {
  timeout 8 openssl s_client -connect 127.0.0.1:465 -servername "$hostname" </dev/null 2>/dev/null | openssl x509 -noout -checkhost "$hostname" 2>/dev/null
}

# stale: what changed after chasquid started and is read at its start only. Users and aliases are read again by themselves.
stale() {
  started=$(systemctl show chasquid.service -p ExecMainStartTimestamp --value --timestamp=us+utc 2>/dev/null)
  [ -n "$started" ] || return 0
  root=$config
  find -L "$root/chasquid.conf" "$root/certs" "$root/domains" -newerct "$started" ! -type l \
    \( -path "$root/chasquid.conf" -o -name 'dkim*' -o -name '*.pem' -o -path "$root/domains" \) -print 2>/dev/null | head -n 1
}

# trouble: the first thing that is not as it should be, in words; nothing when all is well.
trouble() {
  systemctl is-active -q chasquid.service || { echo "chasquid is not running"; return; }
  systemctl is-enabled -q chasquid.service || { echo "chasquid does not start at boot"; return; }
  late=$(stale)
  [ -z "$late" ] || { echo "chasquid has not read $late since it changed"; return; }
  for port in 25 587; do
    said=$(greeting_of $port)
    case $said in
      "220 $hostname "* | "220-$hostname "*) ;;
      220*) [ -z "$hostname" ] || { echo "port $port greets with another name: $said"; return; } ;;
      *) echo "port $port does not answer"; return ;;
    esac
  done
  case $(certificate_shown) in
    *'does match'*) ;;
    '') echo "port 465 does not answer with TLS"; return ;;
    *) [ -z "$hostname" ] || echo "the certificate on port 465 is not for $hostname" ;;
  esac
}
