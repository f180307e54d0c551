# The keys of the DNS provider: lines NAME=value. They stay in shell variables until a client keeps them for its renewals,
# in files that only root can read.
. ../../shell/library.sh

# Inputs.
: "${dnsProvider=}" "${dnsCredentials=}"

# credential NAME: its value.
credential() { printf '%s\n' "$dnsCredentials" | sed -n "s/^[[:space:]]*$1=//p" | head -n 1; }

# export_credentials: as environment variables, which is how acme.sh takes them.
export_credentials() {
  while IFS= read -r line; do
    name=${line%%=*}
    case $name in '' | *[!A-Za-z0-9_]* | [0-9]* | PATH | IFS | HOME | ENV | LD_* | LE_*) continue ;; esac
    export "$name=${line#*=}"
  done <<CREDENTIALS
$dnsCredentials
CREDENTIALS
}

own_name_server() { case $dnsProvider in rfc2136 | dns_nsupdate) true ;; *) false ;; esac; }
