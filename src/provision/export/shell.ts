import { shellQuote } from '../../ssh/quote';
import { type PortablePlan, secretsOf } from './portable';
import type { StepInput } from '../step';

/** The plan as one POSIX sh script, to be run as root on the server itself. It looks first, as we do, and can be run again. */
export function shellPlan(plan: PortablePlan): string {
  const { steps, chosen, inputs, secrets } = plan;
  const files: [string, string][] = [
    ['lib.sh', steps.library],
    ...chosen.flatMap((step): [string, string][] => [
      [`${step.id}.check`, step.check],
      ...(step.apply === undefined ? [] : ([[`${step.id}.apply`, step.apply]] as [string, string][])),
    ]),
  ];
  return `${head(secrets)}
# --- the inputs of the steps
${Object.entries(inputs)
  .map(([name, value]) => `${name}=${shellQuote(value)}`)
  .join('\n')}
${secrets.map(ask).join('\n')}

# --- the steps
${files.map(([name, text]) => hereDocument(name, text)).join('\n')}
${runner(secrets)}
${chosen.map(step => `one ${[step.id, step.title, String(step.blocking), ...secretsOf(plan, step).map(input => input.name)].map(shellQuote).join(' ')}`).join('\n')}
finish
`;
}

function head(secrets: readonly StepInput[]): string {
  const names = secrets.map(input => input.name);
  return `#!/bin/sh
# Sets up a mail server with chasquid. Run it as root on the server; what is done already is left as it is.
#   sh set-up.sh             checks each step, changes what is needed, checks again
#   sh set-up.sh --dry-run   only shows what would change
${names.length > 0 ? `# It holds no secrets. They are asked for, or taken from the environment: ${names.join(', ')}.\n` : ''}set -u
[ "$(id -u)" = 0 ] || { echo 'This script must run as root: sudo sh set-up.sh' >&2; exit 1; }
dryRun=no
[ "\${1-}" != --dry-run ] || dryRun=yes
work=$(umask 077; mktemp -d /run/chasquid-plan-XXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 143' TERM HUP INT
`;
}

/**
 * A secret comes from the environment, else from the terminal, without echo. Credentials have a line each. It leaves the
 * environment at once: programs that run as other users, such as apt's, would have it in theirs.
 */
function ask({ name, title, type }: StepInput): string {
  const read =
    type === 'credentials'
      ? `while IFS= read -r line && [ -n "$line" ]; do ${name}="$${name}$line
"; done`
      : `IFS= read -r ${name} || :`;
  const how = type === 'credentials' ? ' (a line each; an empty line ends it)' : '';
  return `given=\${${name}-}; unset ${name}; ${name}=$given; unset given
if [ -z "$${name}" ] && [ $dryRun = no ] && [ -t 0 ]; then
  printf '%s: ' ${shellQuote(title + how)} >&2; stty -echo; ${read}; stty echo; echo >&2
fi`;
}

function hereDocument(name: string, text: string): string {
  let end = 'END_OF_STEP';
  while (text.includes(end)) end += '_';
  return `cat >"$work/${name}" <<'${end}'\n${text.replace(/\n?$/, '\n')}${end}`;
}

const runner = (secrets: readonly StepInput[]): string =>
  String.raw`
wrong=0
result() { sed -n "s/.*\"$1\":\"\([^\"\\\\]*\).*/\1/p" "$work/result" | tail -n 1; }
# run ID PART SECRETS...: one script of a step, which sees the secrets that are its own.
run() {
  id=$1 part=$2
  shift 2
  : >"$work/result"
  (
    for secret in ${secrets.map(input => input.name).join(' ')}; do
      case " $* " in *" $secret "*) ;; *) eval "$secret=" ;; esac
    done
    step=$id
    . "$work/lib.sh"
    . "$work/$id.$part"
  ) 3>"$work/result"
}
# one ID TITLE BLOCKING SECRETS...
one() {
  id=$1 title=$2 blocking=$3
  shift 3
  run "$id" check "$@" >"$work/output" 2>&1
  case $(result state) in
    done) printf ' ✓  %-24s %s\n' "$title" "$(result detail)"; return ;;
    needed) ;;
    *)
      printf ' ✗  %-24s %s\n' "$title" "$(result detail)"
      printf '    %s %s\n    → %s\n' "$(result what)" "$(result why)" "$(result fix)"
      wrong=1
      [ "$blocking" != true ] || finish
      return ;;
  esac
  if [ $dryRun = yes ]; then printf ' •  %-24s %s\n' "$title" "$(result detail)"; return; fi
  printf ' ●  %s …\n' "$title"
  run "$id" apply "$@" && run "$id" check "$@" >"$work/output" 2>&1
  if [ "$(result state)" = done ]; then printf ' ✓  %-24s %s\n' "$title" "$(result detail)"; return; fi
  printf ' ✗  %-24s %s %s\n    → %s\n' "$title" "$(result what)" "$(result why)" "$(result fix)"
  wrong=1
  finish
}
finish() { [ $wrong = 1 ] || [ $dryRun = yes ] || echo 'All of these steps are done.'; exit $wrong; }
`;
