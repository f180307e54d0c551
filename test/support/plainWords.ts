/**
 * Words that texts for users do not have, each with what to write instead. A text uses the words that every English-speaking
 * engineer would use, the same word for the same thing.
 */
export const oddWords: readonly { odd: RegExp; instead: string }[] = [
  { odd: /\bmend(?:s|ed|ing)?\b/i, instead: 'fix, correct' },
  { odd: /\bslips? of the pen\b|\ba slip\b/i, instead: 'typo' },
  { odd: /\bblanks\b|\ba blank\b/i, instead: 'space' },
  { odd: /\bsmall letters?\b/i, instead: 'lower-case letters' },
  { odd: /\b(?:takes?|taken|taking|took) back\b/i, instead: 'undone, withdrawn' },
  { odd: /\bputs? back\b|\bputting \S+ back\b|\bgiven back\b/i, instead: 'restored, returned' },
  {
    odd: /\b(?:is|are|was|were) right(?! to)\b|\ball right\b|\bnot right\b/i,
    instead: 'correct; of a record: OK; of a step: done',
  },
  { odd: /\bneeds a look\b/i, instead: 'needs attention' },
  { odd: /\b(?:is|are) not known\b|^not known\b/i, instead: 'unknown' },
  { odd: /\b(?:does|do|did) not take\b/i, instead: 'rejects, does not accept' },
  { odd: /\bheed(?:s|ed|ing)?\b/i, instead: 'uses' },
  { odd: /\bgestures?\b/i, instead: 'action, command' },
  { odd: /\bpersons?\b/i, instead: 'user' },
  { odd: /\b(?:was|were|is|are|not) told\b|\btold (?:in|from|that)\b/i, instead: 'reported, shown' },
  { odd: /\bsaid\b/i, instead: 'answered, reported' },
  {
    odd: /\blooks? (?:at|whether|into|who|which)\b|\b(?:a|next|one|two) looks?\b|\blooked at\b|\blook again\b/i,
    instead: 'check',
  },
  { odd: /\bcure[sd]?\b/i, instead: 'fix' },
  { odd: /\bproofs?\b|\bproven\b/i, instead: 'challenge, validation' },
  { odd: /\bgot (?:better|worse)\b/i, instead: 'fixed: …; worse: …' },
  { odd: /\bmake room\b|\bno room\b/i, instead: 'free some space' },
  { odd: /\bwhich (?:room|floor|house)\b/i, instead: 'layer, folder' },
  { odd: /\b(?:is|are|was) the matter\b/i, instead: 'is wrong' },
  { odd: /\bcounts? it from\b/i, instead: 'resolves it relative to' },
  {
    odd: /\bstands? (?:in|at|before|behind|there|here|twice|inside|among|beside|without)\b/i,
    instead: 'there is, appears',
  },
  { odd: /\bputs? off\b|\bput off\b/i, instead: 'defers' },
  { odd: /\bin a circle\b/i, instead: 'in a loop' },
  { odd: /\banew\b/i, instead: 'again' },
  { odd: /\bwithout a word\b/i, instead: 'silently' },
  { odd: /\bshall\b/i, instead: 'should' },
  { odd: /\ball the same\b/i, instead: 'anyway' },
  { odd: /\bbelong together\b/i, instead: 'match' },
  { odd: /\bnot understood\b|\bis understood\b/i, instead: 'supported' },
  { odd: /\blook-ups?\b/i, instead: 'lookup' },
];

/** Texts that have such a word and keep it. */
export const kept: readonly { text: RegExp; reason: string }[] = [
  { text: /^\$\(person-add\)$/, reason: 'an icon of VS Code has this name' },
];
