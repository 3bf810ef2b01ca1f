import { type FolderFiles, KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { defaultPreparation, type TextPreparation } from './text-preparation.ts'

/** The file in a model's folder that stores its text preparation. */
export const PREPARATION_FILE = 'preparation.json'

const choices = {
  normalization: ['none', 'nfc', 'nfc-width', 'nfkc'],
  invisible: ['drop', 'keep'],
  spacing: ['single'],
} as const satisfies { readonly [K in keyof TextPreparation]?: readonly TextPreparation[K][] }

/** The content of a `preparation.json`, ready for `JSON.stringify`. */
export const preparationJson = ({
  name,
  version,
  normalization,
  invisible,
  spacing,
}: TextPreparation): Readonly<Record<string, unknown>> => ({
  name,
  version,
  normalization,
  invisible,
  spacing,
})

/** `preparation.json` of a model's folder. */
export const encodePreparation = (preparation: TextPreparation): FolderFiles =>
  new Map([[PREPARATION_FILE, `${JSON.stringify(preparationJson(preparation), null, 2)}\n`]])

/**
 * Parses the content of a `preparation.json`. An unknown rule or setting is refused: texts prepared differently become
 * other ids, and the model would answer these without any sign of an error.
 *
 * @throws KicError `data/preparation` with the wrong key
 */
export const parsePreparation = (json: unknown): TextPreparation => {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw refused(`it must be an object, received ${shown(json)}`)
  const given = new Map<string, unknown>(Object.entries(json))
  const { name, version } = defaultPreparation
  if (given.get('name') !== name)
    throw refused(`name must be "${name}", received ${shown(given.get('name'))}`)
  if (given.get('version') !== version)
    throw refused(`version must be ${version}, received ${shown(given.get('version'))}`)
  const known = Object.keys(defaultPreparation)
  const stray = [...given.keys()].find((key) => !known.includes(key))
  if (stray !== undefined) throw refused(`all settings must be known, received ${shown(stray)}`)
  return {
    name,
    version,
    normalization: chosen(given, 'normalization', choices.normalization),
    invisible: chosen(given, 'invisible', choices.invisible),
    spacing: chosen(given, 'spacing', choices.spacing),
  }
}

const chosen = <T extends string>(
  given: ReadonlyMap<string, unknown>,
  key: string,
  allowed: readonly T[],
): T => {
  const found = allowed.find((choice) => choice === given.get(key))
  if (found !== undefined) return found
  throw refused(`${key} must be one of ${allowed.join(', ')}, received ${shown(given.get(key))}`)
}

const LONGEST = 60

const shown = (value: unknown): string => {
  if (value === undefined) return 'nothing'
  const json = typeof value === 'object' && value !== null ? 'an object' : JSON.stringify(value)
  return json.length > LONGEST ? `${json.slice(0, LONGEST)}…` : json
}

const refused = (rule: string): KicError =>
  new KicError<DataErrorCode>(
    'data/preparation',
    `parsePreparation: ${PREPARATION_FILE}: ${rule}. ` +
      'Use the version of KIC that saved the model, or a newer one. Do not remove the file.',
  )

/** A preparation in words, for people. */
export const describePreparation = ({
  name,
  version,
  normalization,
  invisible,
  spacing,
}: TextPreparation): string =>
  [
    `${name} ${version}`,
    normalization === 'none' ? 'not normalised' : normalization.toUpperCase(),
    invisible === 'drop' ? 'without invisible characters' : 'invisible characters kept',
    `${spacing}-spaced`,
  ].join(', ')
