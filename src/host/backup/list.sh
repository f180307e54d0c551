. ./store.sh

# Inputs.
: "${limit=}"

tell "$limit"
field done "" ""
