import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KicError } from '@kic/core'
import { saveFiles } from '@kic/core/node'
import type { DataErrorCode } from '../error-code.ts'
import { encodePreparation, PREPARATION_FILE, parsePreparation } from './preparation-json.ts'
import type { TextPreparation } from './text-preparation.ts'

/**
 * Saves a model's text preparation in its folder, beside the tokenizer.
 *
 * @throws KicError `core/write-failed`
 */
export const savePreparation = (folder: string, preparation: TextPreparation): Promise<void> =>
  saveFiles(folder, encodePreparation(preparation))

/**
 * The text preparation of a folder's model; `undefined` if the folder has none.
 *
 * @throws KicError `data/preparation` if the file exists but is unreadable or invalid
 */
export const loadPreparation = async (folder: string): Promise<TextPreparation | undefined> => {
  const path = join(folder, PREPARATION_FILE)
  let json: unknown
  try {
    json = JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw new KicError<DataErrorCode>(
      'data/preparation',
      `loadPreparation: ${path} must be JSON in UTF-8, received ${cause instanceof Error ? cause.message : String(cause)}. ` +
        'Copy the file from the original model.',
      { cause },
    )
  }
  return parsePreparation(json)
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
