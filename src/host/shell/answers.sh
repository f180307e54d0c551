# How a script answers: lines of JSON on descriptor 3, which protocol/answer.ts reads. What a server says of itself may hold any
# byte, so NAME and the bytes go as base64.

# emit KIND NAME: standard input, under that name.
emit() {
  encoded=
  [ -z "$2" ] || encoded=$(printf %s "$2" | base64 -w 0)
  printf '{"kind":"%s","name":"%s","data":"%s"}\n' "$1" "$encoded" "$(base64 -w 0)" >&3
}

# field KIND NAME TEXT: a small text.
field() { printf %s "$3" | emit "$1" "$2"; }
