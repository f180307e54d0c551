. ../../shell/library.sh
. ./look.sh

has chasquid || answer needed "After chasquid is installed"
[ "$(unit_value LoadState)" = loaded ] || answer needed "There is no chasquid.service yet"
wrong=$(trouble)
if [ -n "$wrong" ]; then
  change "~ chasquid.service: enabled and (re)started"
  answer needed "To start: $wrong"
fi
answer done "Answers on ports 25, 465 and 587 as ${hostname:-$(greeting_of 25)}"
