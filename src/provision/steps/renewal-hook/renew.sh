. ../../shell/library.sh
. ../certificate/found.sh
. ../certificate/credentials.sh
. ../certificate/acme-sh.sh
. ../certificate/certbot.sh
. ./hook.sh

set -e
place=$(certificate_folder) || fail no-certificate "There is no certificate for $hostname that could be renewed." "None in $config/certs is for this name and will last." "Use Issue Certificate instead."
found=$(manager "$place")
name=${found#* }
say "The one for $hostname has $(days_left "$place/fullchain.pem") days left; asking for a new one through ${found%% *} …"
was=$(openssl x509 -in "$place/fullchain.pem" -noout -serial)
case $found in
  acme.sh\ *)
    case $(acme_sh_folder "$name") in *_ecc) kind=--ecc ;; *) kind= ;; esac
    acme_sh --renew -d "$name" $kind --force ;;
  certbot\ *)
    certbot_trust_system
    REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt certbot renew -n --cert-name "$name" --force-renewal --no-random-sleep-on-renew ;;
  none)
    fail unmanaged-certificate "No program renews the certificate of $hostname." "It was put into $place by hand; neither acme.sh nor certbot knows it." \
      "Replace it by hand, or move it away and use Issue Certificate." ;;
esac || fail certificate-refused "No new certificate came for $hostname; the old one stays in place." "${found%% *} ended without one; its output is above." \
  "Fix what they name, then try again. Each try counts against the authority's limits."
[ "$was" != "$(openssl x509 -in "$place/fullchain.pem" -noout -serial)" ] ||
  fail certificate-unchanged "${found%% *} ended well, but $place holds the same certificate as before." "The new one was not put where chasquid reads it." "Run the step Certificate renewal, then renew again."
fact daysLeft "$(days_left "$place/fullchain.pem")"
say "The new one has $(days_left "$place/fullchain.pem") days left."
