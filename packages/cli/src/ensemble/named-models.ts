import { basename, resolve } from 'node:path'
import { KicError } from '@kic/core'
import type { CliErrorCode } from '../error-code.ts'
import { modelFolder } from '../model-folder.ts'

/** A model, and its name as a member. */
export interface NamedModel {
  readonly name: string
  readonly folder: string
}

/**
 * Models of an ensemble, each a folder or the name of an installed package. Members are named after what is given; `name-2`
 * is the second of a name.
 *
 * @throws KicError `cli/no-model` for a folder without a name that can be a member's, and as `modelFolder`
 */
export const namedModels = async (given: readonly string[]): Promise<readonly NamedModel[]> => {
  const counts = new Map<string, number>()
  const models: NamedModel[] = []
  for (const one of given) {
    const name = memberName(one)
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    models.push({ name: count === 1 ? name : `${name}-${count}`, folder: await modelFolder(one) })
  }
  return models
}

const memberName = (given: string): string => {
  const name = basename(resolve(given))
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[._-]+/, '')
  if (name !== '') return name
  throw new KicError<CliErrorCode>(
    'cli/no-model',
    `kic ensemble: the folder of a model must have a name of letters or digits, received ${given}. Rename the folder.`,
  )
}
