import { readdir, realpath } from 'node:fs/promises'
import { KicError } from '@kic/core'
import type { PredictorErrorCode } from '../error-code.ts'
import { type FolderKind, KIND_FILES, KIND_NAMES } from './folder-kind.ts'

/**
 * Checks that a folder has no model of another kind, which a saved model would mix with or hide.
 *
 * @param caller the function or command, for the error
 * @param kind of the model to save
 * @throws KicError `predictor/folder`
 */
export const checkModelFolder = async (caller: string, folder: string, kind: FolderKind): Promise<void> => {
  const names = await namesIn(folder)
  for (const other of ['network', 'ensemble', 'ngram', 'reranked'] as const) {
    if (other === kind || !names.includes(KIND_FILES[other])) continue
    throw refused(
      `${caller}: the folder of ${KIND_NAMES[kind]} must not be that of ${KIND_NAMES[other]}, received ${folder} with ` +
        `${KIND_FILES[other]}`,
    )
  }
}

/**
 * Checks a folder for models that are packed into one: it is none of theirs, and it is new, empty, or has an older model of
 * the same kind.
 *
 * @param caller the function or command, for the error
 * @param kind of the packed model
 * @param parts folders of the models to pack
 * @throws KicError `predictor/folder`
 */
export const checkPackedFolder = async (
  caller: string,
  folder: string,
  kind: 'ensemble' | 'reranked',
  parts: readonly string[],
): Promise<void> => {
  const own = await realPath(folder)
  for (const part of parts) {
    if (own === undefined || own !== (await realPath(part))) continue
    throw refused(
      `${caller}: the folder of ${KIND_NAMES[kind]} must not be that of a model in it, received ${folder}`,
    )
  }
  await checkModelFolder(caller, folder, kind)
  const names = await namesIn(folder)
  if (names.length === 0 || names.includes(KIND_FILES[kind])) return
  throw refused(
    `${caller}: the folder must be new, empty, or that of ${KIND_NAMES[kind]} to replace, received ${folder} with ` +
      `${names.length} other ${names.length === 1 ? 'entry' : 'entries'} such as ${names[0]}`,
  )
}

/** The names in a folder; none if it cannot be read, which writing it reports. */
const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).toSorted()

const realPath = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined)

const refused = (what: string): KicError =>
  new KicError<PredictorErrorCode>('predictor/folder', `${what}. Choose another folder.`)
