. ../shell/answers.sh
. ../shell/service.sh

# Inputs.
: "${count=}"

shown=$(show_unit -p LoadState -p ActiveState -p SubState -p StateChangeTimestamp -p UnitFileState -p NRestarts -p MainPID) || exit 1
field unit "" "$shown"
field listen "" "$(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep ' 0A ')"
journalctl --no-pager -a -o json -n "$count" -u chasquid.service -u 'chasquid-*.socket' 2>/dev/null | emit journal ""
