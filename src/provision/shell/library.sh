# What the scripts of all steps share. POSIX sh; runs as root, after the inputs have been assigned as variables. What a step's
# own files need of it is there before them: checks of several steps follow it in one script.
# Text for people goes to standard output, answers to file descriptor 3.
. ./answers.sh
. ./changes.sh
. ./packages.sh
. ./chasquid.sh

say() { printf '%s\n' "$*"; }
has() { command -v "$1" >/dev/null 2>&1; }

# The daemon's user cannot stand where root logs in.
cd /
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1

look
