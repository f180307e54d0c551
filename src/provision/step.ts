/** How an input's value must look; `inputs.ts` knows the rules and says why a value is refused. */
export type InputType =
  | 'hostname'
  | 'domain'
  | 'address'
  | 'sender'
  | 'password'
  | 'selector'
  | 'choice'
  | 'provider'
  | 'credentials'
  | 'acmeServer'
  | 'hosts'
  | 'integer'
  | 'text';

/** One thing a user tells a step. Inputs of the same name in several steps are the same input. */
export interface StepInput {
  /** A camel-case word: the shell variable of the step's scripts. */
  name: string;
  type: InputType;
  title: string;
  description: string;
  placeholder?: string;
  /** May name other inputs (`mail.{domain}`) `{date}` (UTC, as 20261124) and `{now}` (seconds since the epoch). */
  default?: string;
  choices?: string[];
  /** Goes only to the scripts of steps that declare it. Never logged, stored or shown. */
  secret: boolean;
  required: boolean;
  /** Given by the program, never asked. */
  internal: boolean;
}

/** One step of the plan, as its folder `steps/<id>/` describes it. */
export interface Step {
  id: string;
  title: string;
  /** Why this step exists, in a sentence or two. */
  why: string;
  /** The numbers of the guide which it covers. */
  guide: string[];
  inputs: StepInput[];
  /** Inputs of other steps, by name, that its check and apply read as well. */
  uses: string[];
  /** The steps that must be right before this one can work. */
  needs: string[];
  /** Not chosen unless the user ticks it. */
  optional: boolean;
  /** When it is impossible, the plan asks before it goes on: what follows would fail. */
  blocking: boolean;
  /** POSIX sh, complete but for the library and the inputs. `apply` is absent where there is nothing to change, `undo` where nothing can be undone, `renew` where nothing wears out. */
  check: string;
  apply?: string;
  undo?: string;
  renew?: string;
}

/**
 * Every step, in the order in which they run (`order` in its step.yaml), and what their scripts share. chasquid cannot start
 * before it has a domain and a certificate; its first sender is there before it starts.
 */
export interface Steps {
  list: readonly Step[];
  /** `shell/library.sh` with all that it needs. */
  library: string;
}
