# Strategy: acme.sh, as the distribution's package, or as it installs itself under root's home or elsewhere.
. ../../shell/library.sh

# Inputs.
: "${hostname=}" "${challenge=}" "${dnsProvider=}" "${acmeServer=}"

acme_sh_home() {
  known_home=$(crontab -l 2>/dev/null | sed -n 's/.*acme\.sh.*--home "\{0,1\}\([^" ]*\)"\{0,1\}.*/\1/p' | head -n 1)
  echo "${known_home:-/root/.acme.sh}"
}
acme_sh_program() {
  if [ -x "$(acme_sh_home)/acme.sh" ]; then echo "$(acme_sh_home)/acme.sh"; else command -v acme.sh; fi
}
acme_sh() { HOME=/root "$(acme_sh_program)" --home "$(acme_sh_home)" "$@"; }

# acme_sh_at_hand: installed already, or offered by the distribution.
acme_sh_at_hand() { acme_sh_program >/dev/null || apt-cache show acme.sh >/dev/null 2>&1; }

# acme_sh_install: the distribution's package, else the release of upstream that the steps are tested with, from its own site.
# The digest is of its files, as the tag in the authors' repository has them: the site packs its archives again at times.
acme_sh_release=3.1.1
acme_sh_digest=96d8c142a6e19b4d7cffcf3ec47319802c6393ab4f6ca82e49d95fc231c79d80
acme_sh_install() {
  acme_sh_program >/dev/null && return
  install_packages curl openssl
  if apt-cache show acme.sh >/dev/null 2>&1; then install_packages acme.sh; return; fi
  say "This distribution has no package of acme.sh; fetching release $acme_sh_release from its authors …"
  curl -fsSL --proto '=https' --retry 2 "https://github.com/acmesh-official/acme.sh/archive/refs/tags/$acme_sh_release.tar.gz" -o "$scratch/acme.tar.gz" ||
    fail acme-sh-missing "acme.sh could not be fetched." "It is not among this distribution's packages, and its authors' site did not answer." \
      "Choose certbot as the certificate client, or try again later."
  mkdir "$scratch/acme" && tar -xzf "$scratch/acme.tar.gz" -C "$scratch/acme" --strip-components=1 --no-same-owner
  [ "$(digest_of_files "$scratch/acme" acme.sh deploy dnsapi notify)" = $acme_sh_digest ] ||
    fail acme-sh-altered "What was fetched as acme.sh $acme_sh_release is not that release." \
      "Its files differ from those of the authors' tag. Nothing of it was run." \
      "Choose certbot as the certificate client, or install acme.sh yourself, then try again."
  (cd "$scratch/acme" && HOME=/root sh ./acme.sh --install --home /root/.acme.sh --noprofile --nocron)
}

# digest_of_files FOLDER NAME...: SHA-256 over the list of SHA-256 sums and paths, in the order of the bytes. Whatever is neither
# file nor folder makes it another one.
digest_of_files() (
  cd "$1" && shift && {
    find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 -r sha256sum
    find "$@" ! -type f ! -type d
  } 2>/dev/null | sha256sum | cut -c 1-64
)

acme_sh_issue() {
  acme_sh_install
  set -- --issue -d "$hostname" --keylength ec-256 --server "$acmeServer"
  tsigKey=
  if [ "$challenge" = dns-01 ]; then
    provider=$dnsProvider
    if own_name_server; then
      provider=dns_nsupdate
      install_packages bind9-dnsutils
      if [ -n "$(credential TSIG_SECRET)" ]; then
        tsigKey=$(acme_sh_home)/tsig.key
        (umask 077; mkdir -p "$(acme_sh_home)"; printf 'key "%s" {\n  algorithm %s;\n  secret "%s";\n};\n' \
          "$(credential TSIG_NAME)" "$(credential TSIG_ALGORITHM)" "$(credential TSIG_SECRET)" >"$tsigKey")
      fi
    fi
    set -- "$@" --dns "$provider"
    [ -z "$dnsWait" ] || set -- "$@" --dnssleep "$dnsWait"
  else
    install_packages socat
    set -- "$@" --standalone
  fi
  [ -z "$acmeEmail" ] || set -- "$@" --accountemail "$acmeEmail"
  # 2: acme.sh has this certificate already and it is not due; then it only needs to be put in place.
  # The credentials are in its environment only: others run programs of other users, such as apt's.
  (
    [ "$challenge" != dns-01 ] || export_credentials
    if [ -n "$tsigKey" ]; then
      NSUPDATE_KEY=$tsigKey
      export NSUPDATE_KEY
      unset TSIG_SECRET
    fi
    acme_sh "$@"
  ) && status=0 || status=$?
  [ "$status" -eq 0 ] || [ "$status" -eq 2 ] || return 1
  made=$(acme_sh_folder "$hostname")
  install_pair "$made/fullchain.cer" "$made/$hostname.key"
}

acme_sh_folder() { for at in "$(acme_sh_home)/$1_ecc" "$(acme_sh_home)/$1"; do [ -d "$at" ] && { echo "$at"; return; }; done; return 1; }

acme_sh_setting() { sed -n "s/^$2='\(.*\)'$/\1/p" "$1" | head -n 1; }

# acme_sh_runs NAME COMMAND FOLDER: makes acme.sh run COMMAND after it has renewed that certificate, besides what it runs already.
# It does not write to FOLDER itself then: it would follow links there. Other places stay.
acme_sh_runs() {
  command=$2 folder_of=$3
  conf_of=$(acme_sh_folder "$1")/$1.conf
  former=$(acme_sh_reload "$conf_of")
  case $former in '' | *"$command"*) ;; *) command="$former; $command" ;; esac
  set -- --install-cert -d "$1"
  case $(dirname "$conf_of") in *_ecc) set -- "$@" --ecc ;; esac
  for place_of in cert:Le_RealCertPath key:Le_RealKeyPath ca:Le_RealCACertPath fullchain:Le_RealFullChainPath; do
    written_to=$(acme_sh_setting "$conf_of" "${place_of#*:}")
    [ -z "$written_to" ] || [ "$(readlink -f "$(dirname "$written_to")")" = "$(readlink -f "$folder_of")" ] ||
      set -- "$@" "--${place_of%%:*}-file" "$written_to"
  done
  acme_sh "$@" --reloadcmd "$command"
}

# acme_sh_places CONF FOLDER: whether the renewed certificate gets to FOLDER by acme.sh itself.
acme_sh_places() {
  used=$(readlink -f "$2/fullchain.pem")
  [ "$(dirname "$used")" = "$(readlink -f "$(dirname "$1")")" ] || [ "$(readlink -f "$(acme_sh_setting "$1" Le_RealFullChainPath)")" = "$used" ]
}

# acme_sh_reload CONF: the command that runs after a renewal.
acme_sh_reload() {
  coded=$(acme_sh_setting "$1" Le_ReloadCmd)
  case $coded in
    __ACME_BASE64__START_*) printf '%s' "$coded" | sed 's/^__ACME_BASE64__START_//; s/__ACME_BASE64__END_$//' | base64 -d 2>/dev/null ;;
    *) printf '%s' "$coded" ;;
  esac
}

# acme_sh_manages FOLDER: the name under which acme.sh keeps the certificate in that folder.
acme_sh_manages() {
  [ -d "$(acme_sh_home)" ] || return 1
  for conf_of in "$(acme_sh_home)"/*/*.conf; do
    [ -f "$conf_of" ] || continue
    if cmp -s "$(dirname "$conf_of")/fullchain.cer" "$1/fullchain.pem" || acme_sh_places "$conf_of" "$1"; then
      acme_sh_setting "$conf_of" Le_Domain
      return
    fi
  done
  return 1
}
