. ../../shell/library.sh

# Inputs.
: "${hostname=}"

# lasting FILE: whether more than a sixth of the certificate's lifetime is left. Clients renew when a third is left.
lasting() {
  starts=$(date -d "$(openssl x509 -in "$1" -noout -startdate 2>/dev/null | cut -d= -f2)" +%s 2>/dev/null) || return 1
  ends=$(date -d "$(openssl x509 -in "$1" -noout -enddate 2>/dev/null | cut -d= -f2)" +%s 2>/dev/null) || return 1
  [ $((ends - $(date +%s))) -gt $(((ends - starts) / 6)) ]
}

days_left() { echo $((($(date -d "$(openssl x509 -in "$1" -noout -enddate | cut -d= -f2)" +%s) - $(date +%s)) / 86400)); }

# matches FOLDER NAME: a whole pair, for that name, not signed by itself.
matches() {
  chain=$1/fullchain.pem key=$1/privkey.pem
  [ -s "$chain" ] && [ -s "$key" ] || return 1
  openssl x509 -in "$chain" -noout -checkhost "$2" 2>/dev/null | grep -q 'does match' || return 1
  [ "$(openssl x509 -in "$chain" -noout -issuer | sed 's/^issuer//')" != "$(openssl x509 -in "$chain" -noout -subject | sed 's/^subject//')" ] || return 1
  [ "$(openssl x509 -in "$chain" -noout -pubkey)" = "$(openssl pkey -in "$key" -pubout 2>/dev/null)" ]
}

# certificate_folder: the folder in certs/ that chasquid would serve this server's name from.
certificate_folder() {
  for candidate in "$config"/certs/*; do
    [ -d "$candidate" ] || continue
    # Up to 1.11 chasquid passes over a folder that is a link.
    if [ -L "$candidate" ] && ! since 12; then continue; fi
    if matches "$candidate" "$hostname" && lasting "$candidate/fullchain.pem"; then echo "$candidate"; return; fi
  done
  return 1
}

# install_pair CHAIN KEY: as files of chasquid's own, readable by the daemon, the key before the certificate.
install_pair() {
  place=$config/certs/$hostname
  # A link there belongs to the certificate client; it gives way to a folder.
  if [ -L "$place" ]; then backup "$place"; rm "$place"; fi
  make_folder "$place" "root:$daemonGroup" 750 &&
    install_file "$place/privkey.pem" "root:$daemonGroup" 640 <"$2" &&
    install_file "$place/fullchain.pem" "root:$daemonGroup" 640 <"$1"
}
