import { KicError } from '@kic/core'
import type { Head } from '@kic/nn'
import { BESIDE_NGRAMS, besideNgrams } from './beside-ngrams.ts'
import type { RobertaErrorCode } from './error-code.ts'
import { meanHead } from './mean-head.ts'
import { ngramHead } from './ngram-head.ts'
import { standardHead } from './standard-head.ts'

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
const PACKAGE = /^@[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9._-]*$/

/**
 * A head by its name: `standard`, `mean`, `ngram`, one of a package `@kic/heads-<name>`, such as `bilstm`, or one of any other
 * package by its full name, such as `@you/heads-fancy`. The package must be installed and export exactly one function
 * whose name ends in `Head`; it creates the head. A name with `+ngrams` at its end, such as `bilstm+ngrams`, is that head
 * `besideNgrams`.
 *
 * @param options arguments of that function, such as `{ layers: 2 }` for `bilstm`
 * @throws KicError `roberta/no-head` if there is none, and errors of the package about its options
 */
export const loadHead = async (name: string, options: object = {}): Promise<Head> => {
  if (name.endsWith(BESIDE_NGRAMS))
    return besideNgrams(await loadHead(name.slice(0, -BESIDE_NGRAMS.length), options))
  if (name === standardHead.name) return standardHead
  if (name === meanHead.name) return meanHead
  if (name === ngramHead.name) return ngramHead
  if (!NAME.test(name) && !PACKAGE.test(name)) {
    throw noHead(
      `'${name}' is no name of a head. Give standard, mean, ngram, the x of an installed @kic/heads-x, or a package`,
    )
  }
  const source = PACKAGE.test(name) ? name : `@kic/heads-${name}`
  const module: unknown = await import(source).catch((cause: unknown) => {
    throw isMissing(cause, source)
      ? noHead(`there is no head '${name}': the package ${source} is not installed`, cause)
      : cause
  })
  const factories = Object.entries(Object(module)).filter(
    (entry): entry is [string, (options: object) => unknown] =>
      typeof entry[1] === 'function' && entry[0].endsWith('Head'),
  )
  const [factory] = factories
  if (factory === undefined || factories.length > 1) {
    const found = factories.map(([key]) => key).join(', ') || 'none'
    throw noHead(`${source} must export one function whose name ends in Head; it exports ${found}`)
  }
  const head = factory[1](options)
  if (!isHead(head)) {
    throw noHead(`${factory[0]} of ${source} must return a head: name, parameters and apply`)
  }
  return head
}

const isHead = (value: unknown): value is Head =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'parameters' in value &&
  typeof value.parameters === 'function' &&
  'apply' in value &&
  typeof value.apply === 'function'

/** Whether the package itself is missing, rather than one of its imports. */
const isMissing = (cause: unknown, source: string): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  (cause.code === 'ERR_MODULE_NOT_FOUND' || cause.code === 'MODULE_NOT_FOUND') &&
  cause.message.includes(`'${source}'`)

const noHead = (what: string, cause?: unknown): KicError =>
  new KicError<RobertaErrorCode>('roberta/no-head', `loadHead: ${what}.`, { cause })
