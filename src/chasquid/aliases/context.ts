import { type EffectiveConfig, effectiveConfig } from '../config/effective';
import { parseConfig } from '../config/parse';
import { normalizeDomain } from '../normalize';
import type { Version } from '../versions';
import type { Separators } from './clean';
import type { AliasContext } from './model';

/**
 * What reading the lines of a domain's aliases file depends on.
 * @param folder the name of the domain's folder
 * @param separators of the chasquid.conf around it; those that count without one where it is unknown
 */
export function aliasContext(
  folder: string,
  version: Version,
  { suffixSeparators, dropCharacters }: Separators = defaultSeparators(version),
): AliasContext {
  return { domain: normalizeDomain(folder).value ?? folder, version, suffixSeparators, dropCharacters };
}

export function separatorsOf(config: EffectiveConfig): Separators {
  return {
    suffixSeparators: String(config.get('suffix_separators')?.[0] ?? ''),
    dropCharacters: String(config.get('drop_characters')?.[0] ?? ''),
  };
}

function defaultSeparators(version: Version): Separators {
  return separatorsOf(effectiveConfig(parseConfig('', version)));
}
