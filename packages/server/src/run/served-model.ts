import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ModelFiles, ModelNotes, Precision, Predictor } from '@kic/predictor'
import { filesIn, loadPredictor, threadRuntime } from '@kic/predictor/node'
import { recordFiles } from './recorded-files.ts'

/** How to load a model. */
export interface ModelOptions {
  /**
   * Folder of a model or an ensemble, or the file of an ensemble: a path or a `file:` URL. Or a loaded model, which the
   * server frees at its end.
   */
  readonly model: string | URL | ServedModel
  /** Weights to run; default: the fastest ones in the folder. */
  readonly precision?: Precision | undefined
  /** Threads of a small model; default: one per processor, at most four. */
  readonly threads?: number | undefined
  /** Texts per batch; default 16: larger batches take longer and are not cheaper per text. */
  readonly batchSize?: number | undefined
  /** Notes that may be those of a folder without `kic.json`, by its labels. */
  readonly known?: readonly ModelNotes[] | undefined
}

/** A loaded model. */
export interface ServedModel {
  readonly predictor: Predictor
  /** Identifies the model in answers; for a loaded one, SHA-256 over its files. */
  readonly id: string
}

/**
 * Loads a model into threads of its own, so that requests are read and answered while it computes.
 *
 * @throws KicError as `loadPredictor` of `@kic/predictor/node`
 */
export const loadServedModel = async ({
  model,
  threads,
  batchSize = 16,
  ...options
}: ModelOptions): Promise<ServedModel> => {
  if (typeof model === 'object' && 'predictor' in model) return model
  const { files, digest } = recordFiles(await filesOf(model))
  const predictor = await loadPredictor(files, { ...options, batchSize, runtime: threadRuntime(threads) })
  return { predictor, id: `sha256:${digest()}` }
}

/** The files at a path. Those of an ensemble's file are its folder's, with the file under its usual name. */
const filesOf = async (model: string | URL): Promise<ModelFiles> => {
  const path = typeof model === 'string' && !model.startsWith('file:') ? model : fileURLToPath(model)
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true) return filesIn(path)
  const { name, read } = filesIn(dirname(path))
  const names: Readonly<Record<string, string | undefined>> = {
    'config.json': undefined,
    'ensemble.json': basename(path),
  }
  return {
    name,
    read: async (file) => {
      const known = Object.hasOwn(names, file) ? names[file] : file
      return known === undefined ? undefined : read(known)
    },
  }
}
