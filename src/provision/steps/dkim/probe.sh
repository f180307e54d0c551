# Whether mail is really signed: a message goes through what signs, as the daemon's user, and its signature is checked with the
# public half of the key (RFC 6376 §3.7 and §6.1, RFC 8463 §3). That needs openssl only, whatever signs.
. ../../shell/library.sh
. ./keys.sh

# Inputs.
: "${domain=}"

# probe: a message of the domain, with the line ends of chasquid's inside.
probe() {
  printf '%s\n' "From: postmaster@$domain" "To: postmaster@$domain" "Subject: Is mail signed?" "Date: $(date -R)" \
    "Message-ID: <$(date +%s).$$@$domain>" 'MIME-Version: 1.0' 'Content-Type: text/plain; charset=us-ascii' '' \
    'Made on the server to see whether mail is signed. It is not sent.'
}

# by_hook: what the hook adds to the message, run as chasquid runs it (conn.go: runPostDataHook).
by_hook() {
  (
    cd "$config" || exit
    as_daemon env -i USER="$daemonUser" PWD="$config" SHELL=/bin/sh PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
      REMOTE_ADDR=127.0.0.1:25 EHLO_DOMAIN=localhost EHLO_DOMAIN_RAW=localhost MAIL_FROM="postmaster@$domain" \
      RCPT_TO="postmaster@$domain" AUTH_AS="postmaster@$domain" ON_TLS=1 FROM_LOCAL_DOMAIN=1 SPF_PASS=0 \
      timeout -k 5 60 hooks/post-data
  )
}

# by_chasquid KEY SELECTOR: what chasquid ≥ 1.14 itself adds to the message.
by_chasquid() { as_daemon timeout -k 5 60 chasquid-util -C="$config" dkim-sign "$domain" "$2" "$1"; }

# signed_by SIGNER KEY SELECTOR: whether SIGNER adds a signature of SELECTOR that KEY's public half verifies. Otherwise it sets
# lack: failed (it ended with $ended), none (no signature) or wrong (one that does not fit); and heard: its last words.
signed_by() {
  probe >"$scratch/probe"
  signer=$1 lack='' ended=0
  "$signer" "$2" "$3" <"$scratch/probe" >"$scratch/added" 2>"$scratch/said" 3>&- || ended=$?
  heard=$(grep . "$scratch/said" | tail -n 1 | cut -c 1-300)
  if [ $ended -ne 0 ]; then lack=failed
  elif ! header_lines "$scratch/added" || ! signature_of "$3" >"$scratch/signature"; then lack=none
  elif ! fits "$2"; then lack=wrong
  fi
  [ -z "$lack" ]
}

# header_lines FILE: whether it holds header fields and nothing else; chasquid drops other output (conn.go: isHeader).
header_lines() { [ -z "$(tail -c 1 "$1")" ] && awk '!/^[ \t]/ && !/:/ { exit 1 }' "$1"; }

# signature_of SELECTOR: the tags a, l, bh and b of its signature, a line each; in $scratch/hashed what was signed (RFC 6376 §3.7).
signature_of() {
  cat "$scratch/added" "$scratch/probe" | wantedSelector=$1 wantedDomain=$domain hashed=$scratch/hashed awk '
    function named(text, name) { name = substr(text, 1, index(text, ":") - 1); gsub(/[ \t]/, "", name); return tolower(name) }
    function canonical(text, value) {
      if (simple) { gsub(/\r/, "\r\n", text); return text }
      value = substr(text, index(text, ":") + 1)
      gsub(/\r/, "", value); gsub(/[ \t]+/, " ", value); sub(/^ /, "", value); sub(/ $/, "", value)
      return named(text) ":" value
    }
    # Sets tags (§3.2), and emptied: the field with nothing behind b=.
    function examine(text, i, count, name, value, part) {
      split("", tags)
      count = split(substr(text, index(text, ":") + 1), part, ";")
      emptied = substr(text, 1, index(text, ":"))
      for (i = 1; i <= count; i++) {
        name = substr(part[i], 1, index(part[i], "=") - 1); gsub(/[ \t\r]/, "", name)
        value = substr(part[i], index(part[i], "=") + 1); gsub(/[ \t\r]/, "", value)
        tags[name] = value
        if (name == "b") part[i] = substr(part[i], 1, index(part[i], "="))
        emptied = emptied (i > 1 ? ";" : "") part[i]
      }
    }
    { sub(/\r$/, "") }
    $0 == "" { exit }
    # Within a field, CR alone stands for a line break.
    /^[ \t]/ { field[fields] = field[fields] "\r" $0; next }
    { field[++fields] = $0 }
    END {
      for (own = 1; own <= fields; own++) {
        if (named(field[own]) != "dkim-signature") continue
        examine(field[own])
        if (tolower(tags["s"]) == tolower(ENVIRON["wantedSelector"]) && tolower(tags["d"]) == ENVIRON["wantedDomain"]) break
      }
      if (own > fields) exit 1
      simple = tags["c"] !~ /^relaxed/
      printf "" >ENVIRON["hashed"]
      # A name that is listed more often than there are fields stands for none (§5.4.2); the last field is the first to be taken.
      count = split(tolower(tags["h"]), names, ":")
      for (i = 1; i <= count; i++)
        for (j = fields; j > 0; j--)
          if (j != own && !(j in used) && named(field[j]) == names[i]) {
            used[j] = 1
            printf "%s\r\n", canonical(field[j]) >ENVIRON["hashed"]
            break
          }
      printf "%s", canonical(emptied) >ENVIRON["hashed"]
      print tags["a"]; print tags["l"]; print tags["bh"]; print tags["b"]
    }'
}

# fits KEY: whether the signature of signature_of is one of the message and of KEY.
fits() {
  { read -r algorithm; read -r length; read -r bodyHash; read -r signature; } <"$scratch/signature"
  # The body is the same in both canonical forms.
  awk 'body { printf "%s\r\n", $0 } $0 == "" { body = 1 }' "$scratch/probe" | head -c "${length:-1000}" |
    openssl dgst -sha256 -binary >"$scratch/digest"
  [ "$(base64 -w0 <"$scratch/digest")" = "$bodyHash" ] || return 1
  printf %s "$signature" | base64 -d >"$scratch/bytes" 2>/dev/null
  openssl pkey -in "$1" -pubout -out "$scratch/public" 2>/dev/null || return 1
  case $algorithm in
    rsa-sha256) openssl dgst -sha256 -verify "$scratch/public" -signature "$scratch/bytes" "$scratch/hashed" ;;
    ed25519-sha256)
      openssl dgst -sha256 -binary "$scratch/hashed" >"$scratch/digest"
      openssl pkeyutl -verify -pubin -inkey "$scratch/public" -rawin -in "$scratch/digest" -sigfile "$scratch/bytes" ;;
    *) return 1 ;;
  esac >/dev/null 2>&1
}

# after_permissions SELECTOR FILE...: ends the check where the daemon's user cannot read what it signs with: a later step of the
# plan lets it in, and nothing can be shown before.
after_permissions() {
  waiting=$1
  shift
  for needed in "$@"; do
    [ ! -e "$needed" ] || as_daemon test -r "$needed" || answer done "There is the key $waiting; the step Permissions lets $daemonUser read it"
  done
}

# unsigned KEY SELECTOR: ends the check after signed_by failed.
unsigned() {
  reported=${heard:+" It reported: $heard"}
  case $signer in
    by_hook) who="The hook $hook" while_so=' Until then chasquid refuses mail.' ;;
    *) who='chasquid-util dkim-sign' while_so= ;;
  esac
  case $lack in
    failed)
      [ "$ended" -ne 124 ] || reported=' It did not end within a minute.'
      problem signing-fails "Mail of $domain cannot be signed with the key $2." "$who ended with status $ended.$reported" \
        "Correct that, then try again.$while_so" ;;
    none)
      problem signs-nothing "Mail of $domain leaves without a signature." \
        "$who was given a message and added no signature with the selector $2.${reported:-" It reported no reason."}" \
        "Correct that, or move the hook away and restore the package's own: apt-get install --reinstall -o Dpkg::Options::=--force-confmiss chasquid" ;;
    wrong)
      problem signature-wrong "Mail of $domain is signed with another key than $1." \
        "The signature that $who adds with the selector $2 does not verify with the public half of this key." \
        "Find out which key it signs with, and let it use $1." ;;
  esac
  answer impossible "Mail of $domain is not signed with the key $2"
}
