# What a step answers, as lines of JSON on descriptor 3: stepAnswer.ts reads what a check says, applyStep.ts what becomes of a
# change. A check ends with answer; an apply that cannot go on ends with fail.

# Inputs.
: "${step=}"

facts='' changes='' problems=''

# json TEXT: one JSON string. Control characters other than the line break have no meaning here and become spaces.
json() {
  case $1 in
    *[!A-Za-z0-9\ .,:\;_/@=+\(\)-]*)
      printf '"'
      printf '%s' "$1" | tr '\001-\011\013-\037\177' ' ' | sed 's/\\/\\\\/g; s/"/\\"/g' |
        awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }'
      printf '"' ;;
    *) printf '"%s"' "$1" ;;
  esac
}

# fact NAME VALUE: something observed that the client may want to know.
fact() { facts="$facts${facts:+,}$(json "$1"):$(json "$2")"; }

# change LINE: a line of the difference that apply would make, beginning with + or -.
change() { changes="$changes${changes:+,}$(json "$1")"; }

# problem CODE WHAT WHY FIX: a reason why the step is impossible now. Several may be told at once.
problem() {
  problems="$problems${problems:+,}{\"code\":$(json "$1"),\"what\":$(json "$2"),\"why\":$(json "$3"),\"fix\":$(json "$4")}"
}

# answer done|needed|impossible DETAIL: the end of a check.
answer() {
  printf '{"step":"%s","state":"%s","detail":%s,"facts":{%s},"diff":[%s],"problems":[%s]}\n' \
    "$step" "$1" "$(json "$2")" "$facts" "$changes" "$problems" >&3
  exit 0
}

# fail CODE WHAT WHY FIX: the end of an apply which could not do its work.
fail() {
  printf '%s\n' "$2 $3" >&2
  printf '{"step":"%s","failure":{"code":%s,"what":%s,"why":%s,"fix":%s}}\n' \
    "$step" "$(json "$1")" "$(json "$2")" "$(json "$3")" "$(json "$4")" >&3
  exit 1
}

# shellcheck disable=SC2154 # checkOutput is set in front of the checks (check.ts).
# no_answer STEP: that its check ended without an answer, and what it said before, which is in the file $checkOutput.
no_answer() { printf '{"step":"%s","said":%s}\n' "$1" "$(json "$(tail -c 4000 "$checkOutput")")" >&3; }
