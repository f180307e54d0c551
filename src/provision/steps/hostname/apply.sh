. ../../shell/library.sh

# Inputs.
: "${hostname=}"

set -e
short=${hostname%%.*}

if [ "$(cat /etc/hostname 2>/dev/null)" != "$hostname" ]; then
  backup /etc/hostname
  # Without a running hostnamed the file and the kernel are told directly: it is what hostnamed does.
  hostnamectl set-hostname "$hostname" 2>/dev/null || { printf '%s\n' "$hostname" >/etc/hostname; hostname "$hostname"; }
fi

# 127.0.1.1 is where Debian keeps the machine's own name (Debian reference, §5.1.1).
awk -v line="127.0.1.1 $hostname $short" '
  $1 == "127.0.1.1" { if (!written) print line; written = 1; next }
  { print }
  END { if (!written) print line }' /etc/hosts >"$scratch/hosts"
cmp -s "$scratch/hosts" /etc/hosts || replace /etc/hosts <"$scratch/hosts"

# A cloud image would set its own name again at the next start.
if [ -d /etc/cloud ]; then
  mkdir -p /etc/cloud/cloud.cfg.d
  backup /etc/cloud/cloud.cfg.d/99-chasquid-hostname.cfg
  printf 'preserve_hostname: true\nmanage_etc_hosts: false\n' >/etc/cloud/cloud.cfg.d/99-chasquid-hostname.cfg
fi

# chasquid.conf: the line that sets the name is changed where it is, or added below the commented example.
if [ "$(written hostname)" != "$hostname" ] || [ "$(setting hostname)" != "$hostname" ]; then
  file=$config/chasquid.conf
  mkdir -p "$config" "$scratch/config"
  read_file "$file" | awk -v line="hostname: \"$hostname\"" '
    /^[[:space:]]*hostname[[:space:]]*:/ { if (!written) print line; written = 1; next }
    { print }
    /^#[[:space:]]*hostname[[:space:]]*:/ { if (!written) print line; written = 1 }
    END { if (!written) print line }' >"$scratch/config/chasquid.conf"
  chasquid-util -C="$scratch/config" print-config >"$scratch/printed" 2>&1 ||
    fail config-broken "chasquid does not accept the changed chasquid.conf." "It reports: $(tail -n 1 "$scratch/printed")." \
      "Open chasquid.conf, correct that line, then try again. The file has not been changed."
  replace "$file" <"$scratch/config/chasquid.conf"
fi
