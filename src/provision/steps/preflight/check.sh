. ../../shell/library.sh

# Inputs.
: "${greeting=}"

# Is this a machine that can become a mail server? Every problem found is told, not only the first.

if printf '%s\n' "$greeting" | cat - /etc/motd /etc/issue /etc/issue.net /etc/os-release 2>/dev/null | grep -qi 'tiny *core'; then
  problem os-installing "The operating system is still being installed." \
    "The server greets with TinyCore, the system that the provider's installer runs in." \
    "Disconnect, wait some minutes, then try again."
  answer impossible "The operating system is still being installed."
fi

os_field() { (. /etc/os-release 2>/dev/null; eval "printf '%s' \"\${$1:-}\""); }
pretty=$(os_field PRETTY_NAME)
os="$(os_field ID) $(os_field VERSION_ID)"
fact os "$os"
case $os in
  'debian 12' | 'debian 13' | 'ubuntu 22.04' | 'ubuntu 24.04') ;;
  *) problem os-unsupported "This server runs ${pretty:-an unknown system}." \
       "The steps are made for Debian 12 and 13 and Ubuntu 22.04 and 24.04, whose packages and units they know." \
       "Reinstall the server with one of these, at the provider's page." ;;
esac
[ -d /run/systemd/system ] || problem no-systemd "This server is not run by systemd." \
  "chasquid's service and the renewal of certificates are systemd units." "Choose a full virtual machine, not a bare container."

memory=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024))
fact memoryMb "$memory"
# A machine sold with 512 MB shows less: the kernel keeps a part of it.
[ "$memory" -ge 440 ] || problem memory-low "The server has $memory MB of memory." \
  "chasquid and the certificate client need 512 MB together." "Choose a server with at least 512 MB."

# 1 GB to begin with; a server that is set up already only has to keep running.
if has chasquid; then room=200; else room=950; fi
fact diskFreeMb "$(($(df -Pk / | awk 'NR == 2 { print $4 }') / 1024))"
for place in $(df -Pk / /var | awk 'NR > 1 && !seen[$1 $6]++ { print $6 }'); do
  free=$(($(df -Pk "$place" | awk 'NR == 2 { print $4 }') / 1024))
  [ "$free" -ge $room ] || problem disk-full "Only $free MB are free on $place." \
    "Packages, logs and the mail queue need about $room MB." \
    "Free some space (apt-get clean; journalctl --vacuum-size=100M; du -xh $place | sort -h | tail), then try again."
done

if [ -n "$clientTime" ]; then
  skew=$(($(date +%s) - clientTime))
  fact clockSkew "$skew"
  if [ ${skew#-} -gt 300 ]; then
    problem clock-wrong "The server's clock and this computer's differ by ${skew#-} seconds." \
      "Certificates and signatures are only valid for a span of time." "Switch time synchronisation on (timedatectl set-ntp true), and check the clock of this computer too."
  fi
fi

# --- ports that chasquid listens on
listeners() {
  if has ss; then ss -Hltnp "sport = :$1" | sed -n 's/.*users:(("\([^"]*\)".*/\1/p; t; s/.*/unknown/p' | sort -u; fi
}
for port in 25 465 587; do
  for program in $(listeners $port); do
    case $program in
      chasquid) continue ;;
      systemd) systemctl list-sockets --all 2>/dev/null | grep -q "[]:*]$port .*chasquid" && continue ;;
      master) program=postfix ;;
    esac
    problem port-taken "Port $port is taken by $program." "Two mail servers cannot share a port." \
      "If nothing needs it, stop it: systemctl disable --now $program. It is never removed without you."
  done
done

# --- the way out: one connection to one of the big receivers is enough
address_of() { getent "$1" "$2" | awk '{ print $1; exit }'; }
try() {
  where=$(address_of ahostsv4 "$1")
  [ -n "$where" ] || { echo unresolved >"$scratch/probe.$1"; return; }
  line=$(timeout 8 bash -c 'exec 3<>"/dev/tcp/$1/25" && echo connected && IFS= read -r -t 5 line <&3 && echo "$line"' probe "$where" 2>/dev/null)
  case $line in
    *220*) echo open ;;
    connected*) echo silent ;;
    *) echo closed ;;
  esac >"$scratch/probe.$1"
}
for host in $probeHosts; do try "$host" & done
wait
probes() { cat "$scratch"/probe.* 2>/dev/null | grep -c "^$1\$"; }
if [ -n "$probeHosts" ]; then
  if [ "$(probes open)" -gt 0 ]; then
    fact port25 open
  elif [ "$(probes closed)" -eq 0 ] && [ "$(probes silent)" -eq 0 ]; then
    fact port25 unknown
    problem no-dns "The server cannot resolve the names of other mail servers." \
      "None of $probeHosts has an address, as seen from there." "Check its name servers (resolvectl status; cat /etc/resolv.conf), then try again."
  else
    fact port25 closed
    problem port-25-closed "The server cannot reach other mail servers on port 25." \
      "None of $probeHosts answered; most providers block this port until asked." \
      "Ask your provider to open outbound port 25 for this server (“please unblock outgoing SMTP, TCP port 25”), then try again."
  fi
fi

[ -z "$problems" ] || answer impossible "$(printf '%s' "${pretty:-Unknown system}"), this server is not ready for mail yet."
if has chasquid; then ports='ports 25 465 587 are chasquid’s'; else ports='ports 25 465 587 free'; fi
answer done "${pretty%% (*}, $memory MB, $ports, mail can leave"
