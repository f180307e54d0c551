. ./store.sh

tell "$limit"
field done "" ""
