. ../../shell/library.sh

hook=/usr/local/lib/chasquid-setup/certificate-renewed
timer=chasquid-certificates.timer

# manager: which client renews the certificate, and under which name.
manager() {
  if kept=$(acme_sh_manages "$1"); then echo "acme.sh $kept"
  elif kept=$(certbot_manages "$1"); then echo "certbot $kept"
  else echo none; fi
}

# restarts COMMAND: whether that command, or a script that it names, restarts chasquid.
restarts() {
  case $1 in *chasquid*) return 0 ;; esac
  for word in $1; do [ -f "$word" ] && grep -q chasquid "$word" && return 0; done
  return 1
}

# acme_sh_hooked NAME FOLDER: whether chasquid is restarted with each certificate that acme.sh renews, and that gets to FOLDER.
# acme.sh would follow links there, so it may write to it only where no other than root could make one; else our hook does.
acme_sh_hooked() {
  conf_of=$(acme_sh_folder "$1")/$1.conf
  reload=$(acme_sh_reload "$conf_of")
  restarts "$reload" || return
  if [ "$(readlink -f "$(dirname "$(acme_sh_setting "$conf_of" Le_RealFullChainPath)")")" = "$(readlink -f "$2")" ]; then only_root_writes "$2"
  elif ! acme_sh_places "$conf_of" "$2"; then case $reload in *"$hook"*) ;; *) return 1 ;; esac; fi
}

# only_root_writes FOLDER: in it, and in all above it.
only_root_writes() {
  above=$(readlink -f "$1")
  while :; do
    case $(stat -c '%u %A' "$above") in '0 d'????-??-*) ;; *) return 1 ;; esac
    [ "$above" != / ] || return 0
    above=$(dirname "$above")
  done
}

acme_sh_scheduled() { crontab -l 2>/dev/null | grep -q '^[^#].*acme\.sh.*--cron' || systemctl is-enabled -q $timer 2>/dev/null; }
certbot_scheduled() { systemctl is-active -q certbot.timer 2>/dev/null || { has cron && grep -qs certbot /etc/cron.d/certbot && [ ! -d /run/systemd/system ]; }; }

certbot_hooked() {
  for script in /etc/letsencrypt/renewal-hooks/deploy/*; do [ -x "$script" ] && grep -q chasquid "$script" && return 0; done
  grep -q '^renew_hook.*chasquid' "/etc/letsencrypt/renewal/$1.conf" 2>/dev/null
}

# shellcheck disable=SC2154 # place and name are those of apply.sh.
# hook_text: the script that both clients run, and which tell it by the environment what was renewed.
hook_text() {
  cat <<HOOK
#!/bin/sh
# Puts a renewed certificate where chasquid reads it, and restarts chasquid, which reads certificates only at its start.
set -e
place='$place'
$(file_functions)
refuse() { echo "The certificate was not put into \$place (\$1): \${link:-\$folder}" >&2; exit 1; }
if [ -n "\${RENEWED_LINEAGE:-}" ]; then
  [ "\$(basename "\$RENEWED_LINEAGE")" = '$name' ] || exit 0
  chain=\$RENEWED_LINEAGE/fullchain.pem key=\$RENEWED_LINEAGE/privkey.pem
else
  chain=\${CERT_FULLCHAIN_PATH:-} key=\${CERT_KEY_PATH:-}
fi
if [ -n "\$chain" ] && [ ! "\$chain" -ef "\$place/fullchain.pem" ]; then
  write_file "\$place/privkey.pem" 'root:$daemonGroup' 640 <"\$key"
  write_file "\$place/fullchain.pem" 'root:$daemonGroup' 640 <"\$chain"
fi
systemctl try-restart chasquid.service
HOOK
}
