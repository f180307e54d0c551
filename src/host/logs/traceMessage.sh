. ../shell/answers.sh

# Inputs.
: "${id=}" "${since=}"

journal() { journalctl --no-pager -q -a -o json -u chasquid --since "$since" 2>/dev/null; }
found=$(journal | grep -aF -e "$id")
peers=$(printf '%s' "$found" | grep -aoE 'queued ip=[^ "]+|SMTP\.Conn [^ "]+: Queued' | sed -E 's/^queued ip=//; s/^SMTP\.Conn //; s/: Queued$//' | sort -u | head -n 4)
others=$(printf '%s' "$found" | grep -aoE 'queued DSN: [A-Za-z0-9_-]{11}' | sed 's/.* //' | sort -u | head -n 4)
set -- -e "$id"
for word in $peers $others; do set -- "$@" -e "$word"; done
journal | grep -aF "$@" | tail -n 2000 | emit trace ""
