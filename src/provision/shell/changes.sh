# How a step changes files: each is kept first.
. ./backups.sh

# replace FILE [OWNER:GROUP MODE]: standard input becomes FILE, which keeps its owner, mode and access list; a link stays a
# link. OWNER:GROUP MODE are those of a new one, else root:root 644.
replace() (
  hold "$1" && keep "$real" draft || refuse $?
  [ -e draft ] || { fill </dev/null && chown "${2:-root:root}" draft && chmod "${3:-644}" draft; } || refuse $?
  fill && place || refuse $?
)

# install_file FILE OWNER:GROUP MODE: the same, always with that owner and mode.
install_file() (
  hold "$1" && keep "$real" draft && fill && chown "$2" draft && chmod "$3" draft && place || refuse $?
)
