# Keys aside and the note of a rotation: /var/lib/chasquid-setup/dkim/DOMAIN/, for root only.
. ../../shell/place.sh
. ../../shell/refuse.sh

# Inputs.
: "${domain=}"

locate
umask 077
config=$(readlink -f -- "$config")
domainFolder=$config/domains/$domain
aside=/var/lib/chasquid-setup/dkim/$domain
# shellcheck disable=SC2034 # For moveIn.sh and moveBack.sh.
hookKey=$config/certs/$domain/dkim_privkey.pem
# shellcheck disable=SC2034 # So is this.
hookSelector=$domainFolder/dkim_selector
[ -d "$domainFolder" ] || { field absent "" "$domainFolder"; exit 0; }
die() { field failed "" "$1"; exit 0; }
tell() { field staged "$1" ""; openssl pkey -in "$aside/dkim:$1.pem" -passin pass: -pubout -outform DER 2>/dev/null | emit key "$1"; }
