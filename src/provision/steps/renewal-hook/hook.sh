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

acme_sh_scheduled() { crontab -l 2>/dev/null | grep -q '^[^#].*acme\.sh.*--cron' || systemctl is-enabled -q $timer 2>/dev/null; }
certbot_scheduled() { systemctl is-active -q certbot.timer 2>/dev/null || { has cron && grep -qs certbot /etc/cron.d/certbot && [ ! -d /run/systemd/system ]; }; }

certbot_hooked() {
  for script in /etc/letsencrypt/renewal-hooks/deploy/*; do [ -x "$script" ] && grep -q chasquid "$script" && return 0; done
  grep -q '^renew_hook.*chasquid' "/etc/letsencrypt/renewal/$1.conf" 2>/dev/null
}

# hook_text: the script that both clients run. certbot tells it which certificate was renewed; acme.sh has put it in place itself.
hook_text() {
  cat <<HOOK
#!/bin/sh
# Puts a renewed certificate where chasquid reads it, and restarts chasquid, which reads certificates only at its start.
set -e
place='$place'
$(file_functions)
refuse() { echo "\$place was not renewed (\$1): \${link:-\$folder}" >&2; exit 1; }
if [ -n "\${RENEWED_LINEAGE:-}" ]; then
  [ "\$(basename "\$RENEWED_LINEAGE")" = '$name' ] || exit 0
  if [ ! "\$RENEWED_LINEAGE/fullchain.pem" -ef "\$place/fullchain.pem" ]; then
    write_file "\$place/privkey.pem" 'root:$daemonGroup' 640 <"\$RENEWED_LINEAGE/privkey.pem"
    write_file "\$place/fullchain.pem" 'root:$daemonGroup' 640 <"\$RENEWED_LINEAGE/fullchain.pem"
  fi
fi
systemctl try-restart chasquid.service
HOOK
}
