import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { PredictionSource } from '@kic/scores'
import { type Ensemble, type EnsembleInput, parseEnsemble } from './ensemble.ts'
import type { EnsembleErrorCode } from './error-code.ts'
import { openPredictions, type StoredPredictions } from './stored-predictions.ts'
import { type EnsembleVote, vote } from './vote.ts'

/**
 * Writes an `ensemble.json`.
 *
 * @throws KicError `ensemble/file` where `loadEnsemble` would refuse it, `core/write-failed`
 */
export const saveEnsemble = async (path: string, ensemble: EnsembleInput): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(parseEnsemble(ensemble), null, 2)}\n`)

/** Longest file that is read: 100,000 classes with names and parents. */
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Reads an `ensemble.json`. `model` and `predictions` of its members become whole paths.
 *
 * @throws KicError `ensemble/file` naming the path
 */
export const loadEnsemble = async (path: string): Promise<Ensemble> => {
  const folder = dirname(resolve(path))
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, at most ${MAX_BYTES} are read`)
    const ensemble = parseEnsemble(JSON.parse(await readFile(path, 'utf8')))
    const members = ensemble.members.map(({ model, predictions, ...member }) => ({
      ...member,
      ...(model !== undefined && { model: join(folder, model) }),
      ...(predictions !== undefined && { predictions: join(folder, predictions) }),
    }))
    return { ...ensemble, members }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new KicError<EnsembleErrorCode>('ensemble/file', `loadEnsemble: ${path}: ${message}`, { cause })
  }
}

/** Several files of predictions over the same rows. Close them. */
export interface OpenedPredictions {
  readonly files: readonly StoredPredictions[]
  readonly ids: readonly string[]
  /** Their rows block by block, for `selectMembers` and for `fitTemperatures` of `@kic/scores`. */
  readonly source: PredictionSource
  close(): Promise<void>
}

/**
 * Opens files of predictions together.
 *
 * @param blockRows how many rows of every file are in memory at once; default 2048
 * @throws KicError `ensemble/predictions` where they are not of the same rows in the same order
 */
export const openAllPredictions = async (
  paths: readonly string[],
  { blockRows = 2048 }: { readonly blockRows?: number } = {},
): Promise<OpenedPredictions> => {
  const files: StoredPredictions[] = []
  const close = async (): Promise<void> => {
    await Promise.all(files.map((file) => file.close()))
  }
  try {
    for (const path of paths) {
      const file = await openPredictions(path)
      files.push(file)
      // Ids are shared: those of fifteen files take as much memory as those of one.
      files[files.length - 1] = sameRows(file, files[0])
    }
  } catch (error) {
    await close()
    throw error
  }
  const [first] = files
  if (first === undefined) {
    throw new KicError<EnsembleErrorCode>(
      'ensemble/no-members',
      'openAllPredictions: there are no files to open',
    )
  }
  const source = async function* () {
    for (let start = 0; start < first.rows; start += blockRows) {
      yield { start, members: await Promise.all(files.map((file) => file.read(start, blockRows))) }
    }
  }
  return { files, ids: first.ids, source, close }
}

/** The file with the first one's ids, after checking that they are equal. */
const sameRows = (file: StoredPredictions, first: StoredPredictions | undefined): StoredPredictions => {
  if (first === undefined) return file
  const row = file.rows === first.rows ? file.ids.findIndex((id, i) => id !== first.ids[i]) : 0
  if (file.rows === first.rows && row < 0) return { ...file, ids: first.ids }
  throw new KicError<EnsembleErrorCode>(
    'ensemble/predictions',
    file.rows === first.rows
      ? `openAllPredictions: row ${row} is '${file.ids[row]}' in ${file.path} and '${first.ids[row]}' in ${first.path}. Predict the same rows in the same order.`
      : `openAllPredictions: ${file.path} has ${file.rows} rows, ${first.path} ${first.rows}. Predict the same rows.`,
  )
}

/** An ensemble's votes on some rows. */
export interface VotedRows extends EnsembleVote {
  /** Number of the first row. */
  readonly start: number
  readonly ids: readonly string[]
}

/**
 * Lets an ensemble vote on stored predictions, block by block: nothing is needed but the files.
 *
 * @param ensemble of `loadEnsemble`, whose members all have `predictions`
 * @throws KicError `ensemble/predictions` where a file is missing, damaged, of other rows or of another level or labels
 */
export async function* voteOnStored(
  ensemble: Ensemble,
  options: { readonly blockRows?: number } = {},
): AsyncGenerator<VotedRows> {
  const opened = await openAllPredictions(
    ensemble.members.map(({ name, predictions }) => {
      if (predictions !== undefined) return predictions
      throw new KicError<EnsembleErrorCode>(
        'ensemble/predictions',
        `voteOnStored: the member '${name}' has no stored predictions.`,
      )
    }),
    options,
  )
  try {
    for (const [k, { path, level, labels }] of opened.files.entries()) {
      const member = ensemble.members[k]
      const wanted = ensemble.levels.find(({ name }) => name === member?.level)
      if (level !== wanted?.name || !sameTexts(labels, wanted.labels)) {
        throw new KicError<EnsembleErrorCode>(
          'ensemble/predictions',
          `voteOnStored: ${path} has the ${labels.length} classes of '${level}', the member '${member?.name}' wants the ${wanted?.labels.length} of '${wanted?.name}', in their order.`,
        )
      }
    }
    for await (const { start, members } of opened.source()) {
      const ids = opened.ids.slice(start, start + (members[0]?.rows ?? 0))
      yield { start, ids, ...vote(ensemble, members) }
    }
  } finally {
    await opened.close()
  }
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i])
