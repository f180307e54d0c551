# Strategy: certbot, with the plugin that the distribution has for the DNS provider.
. ../../shell/library.sh

# Inputs.
: "${hostname=}" "${challenge=}" "${dnsProvider=}" "${dnsCredentials=}" "${dnsWait=}" "${acmeServer=}" "${acmeEmail=}"

# certbot_plugin: by acme.sh's name of the provider, or certbot's own.
certbot_plugin() {
  case $dnsProvider in
    rfc2136 | dns_nsupdate | dns-rfc2136) echo rfc2136 ;;
    dns_cf | dns-cloudflare) echo cloudflare ;;
    dns_dgon | dns-digitalocean) echo digitalocean ;;
    dns_linode_v4 | dns-linode) echo linode ;;
    dns_gandi_livedns | dns-gandi) echo gandi ;;
    dns-*) echo "${dnsProvider#dns-}" ;;
    *) return 1 ;;
  esac
}

# certbot_ini PLUGIN: the credentials in the form that the plugin reads. Lines that are in its form already pass as they are.
certbot_ini() {
  setting_line() { value=$(credential "$2"); [ -z "$value" ] || printf '%s = %s\n' "$1" "$value"; }
  case $1 in
    rfc2136)
      setting_line dns_rfc2136_server NSUPDATE_SERVER
      setting_line dns_rfc2136_port NSUPDATE_SERVER_PORT
      setting_line dns_rfc2136_name TSIG_NAME
      setting_line dns_rfc2136_secret TSIG_SECRET
      printf 'dns_rfc2136_algorithm = %s\n' "$(credential TSIG_ALGORITHM | tr '[:lower:]' '[:upper:]')" ;;
    cloudflare)
      setting_line dns_cloudflare_api_token CF_Token
      setting_line dns_cloudflare_email CF_Email
      setting_line dns_cloudflare_api_key CF_Key ;;
    digitalocean) setting_line dns_digitalocean_token DO_API_KEY ;;
    linode) setting_line dns_linode_key LINODE_V4_API_KEY ;;
    gandi) setting_line dns_gandi_token GANDI_LIVEDNS_TOKEN ;;
  esac
  printf '%s\n' "$dnsCredentials" | grep "^dns_$1_" || :
}

certbot_issue() {
  install_packages certbot
  # An authority of one's own is trusted through the system's store, which certbot's library must be told of.
  case $acmeServer in https://*) certbot_trust_system ;; esac
  export REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt
  case $acmeServer in
    letsencrypt) directory=https://acme-v02.api.letsencrypt.org/directory ;;
    letsencrypt_test) directory=https://acme-staging-v02.api.letsencrypt.org/directory ;;
    buypass) directory=https://api.buypass.com/acme/directory ;;
    https://*) directory=$acmeServer ;;
    *) fail certbot-authority "certbot cannot use the authority “$acmeServer” without an account made before." \
         "It wants keys from that authority's web page first." "Choose letsencrypt, or acme.sh as the certificate client." ;;
  esac
  set -- certonly -n --agree-tos --keep-until-expiring --cert-name "$hostname" -d "$hostname" --server "$directory"
  if [ -n "$acmeEmail" ]; then set -- "$@" -m "$acmeEmail" --no-eff-email; else set -- "$@" --register-unsafely-without-email; fi
  if [ "$challenge" = dns-01 ]; then
    plugin=$(certbot_plugin) || fail certbot-provider "certbot has no plugin for the DNS provider “$dnsProvider”." \
      "Only acme.sh knows that one." "Choose acme.sh as the certificate client, or the challenge http-01."
    install_packages "python3-certbot-dns-$plugin"
    ini=/etc/letsencrypt/chasquid-$plugin.ini
    (umask 077; mkdir -p /etc/letsencrypt; certbot_ini "$plugin" >"$ini")
    chmod 600 "$ini"
    set -- "$@" "--dns-$plugin" "--dns-$plugin-credentials" "$ini"
    [ -z "$dnsWait" ] || set -- "$@" "--dns-$plugin-propagation-seconds" "$dnsWait"
  else
    set -- "$@" --standalone
  fi
  certbot "$@" || return 1
  live=/etc/letsencrypt/live/$hostname
  install_pair "$live/fullchain.pem" "$live/privkey.pem"
}

certbot_trust_system() {
  mkdir -p /etc/systemd/system/certbot.service.d
  printf '[Service]\nEnvironment=REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt\n' >/etc/systemd/system/certbot.service.d/chasquid.conf
  systemctl daemon-reload
}

# certbot_manages FOLDER: the name under which certbot keeps the certificate in that folder.
certbot_manages() {
  for line in /etc/letsencrypt/live/*/fullchain.pem; do
    [ -f "$line" ] || continue
    # shellcheck disable=SC3013 # dash and busybox know -ef.
    if [ "$line" -ef "$1/fullchain.pem" ] || cmp -s "$line" "$1/fullchain.pem"; then basename "$(dirname "$line")"; return; fi
  done
  return 1
}
