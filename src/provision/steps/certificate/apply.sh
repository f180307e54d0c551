. ../../shell/library.sh
. ./found.sh
. ./credentials.sh
. ./acme-sh.sh
. ./certbot.sh

# Inputs.
: "${certificateClient=}"

set -e
client=$certificateClient
if [ "$client" = auto ]; then
  if acme_sh_at_hand; then client=acme.sh
  elif [ "$challenge" = http-01 ] || certbot_plugin >/dev/null; then client=certbot
  else client=acme.sh; fi
fi
if [ "$challenge" = dns-01 ] && [ -z "$dnsProvider" ]; then
  fail no-provider "No DNS provider has been named." "The challenge dns-01 puts a record into your zone." "Name the provider and its keys, or choose the challenge http-01."
fi
if [ "$challenge" = http-01 ] && has ss && [ -n "$(ss -Hltn 'sport = :80')" ]; then
  fail port-80-taken "Port 80 is taken by $(ss -Hltnp 'sport = :80' | sed -n 's/.*users:(("\([^"]*\)".*/\1/p' | head -n 1)." \
    "The challenge http-01 needs that port for a moment." "Stop that program for this step, or choose the challenge dns-01."
fi
say "Asking $acmeServer for a certificate for $hostname through $client ($challenge${dnsProvider:+, $dnsProvider}) …"
case $client in
  acme.sh) acme_sh_issue ;;
  certbot) certbot_issue ;;
esac || fail certificate-refused "No certificate came for $hostname." "$client ended without one; its output is above." \
  "Fix what they name, then try again. Each try counts against the authority's limits."
say "Installed in $config/certs/$hostname"
