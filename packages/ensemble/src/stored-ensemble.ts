import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { defined, KicError } from '@kic/core'
import { writeFileAtomic } from '@kic/core/node'
import type { PredictionSource } from '@kic/scores'
import { type Ensemble, type EnsembleInput, parseEnsemble } from './ensemble.ts'
import type { EnsembleErrorCode } from './error-code.ts'
import { openPredictions, type StoredPredictions } from './stored-predictions.ts'
import { type EnsembleVote, vote } from './vote.ts'

/**
 * Writes an `ensemble.json`.
 *
 * @throws KicError `ensemble/file` if it is invalid, `core/write-failed`
 */
export const saveEnsemble = async (path: string, ensemble: EnsembleInput): Promise<void> =>
  writeFileAtomic(path, `${JSON.stringify(parseEnsemble(ensemble), null, 2)}\n`)

/** Size limit of a file: 100,000 classes with names and parents. */
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Reads an `ensemble.json`. `model` and `predictions` of its members become absolute paths.
 *
 * @throws KicError `ensemble/file` with the path
 */
export const loadEnsemble = async (path: string): Promise<Ensemble> => {
  const folder = dirname(resolve(path))
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES)
      throw new Error(`a file must have at most ${MAX_BYTES} bytes, received ${size}. Use fewer classes.`)
    const ensemble = parseEnsemble(JSON.parse(await readFile(path, 'utf8')))
    const inFolder = (path: string | undefined) => (path === undefined ? undefined : join(folder, path))
    const members = ensemble.members.map((member) => ({
      ...member,
      model: inFolder(member.model),
      predictions: inFolder(member.predictions),
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
  /** Their rows, block by block, for `selectMembers`, and for `fitTemperatures` of `@kic/scores`. */
  readonly source: PredictionSource
  close(): Promise<void>
}

/**
 * Opens files with predictions of the same rows.
 *
 * @param blockRows rows of every file that are in memory at once; default 2048
 * @throws KicError `ensemble/predictions` if their rows or the order of rows differ
 */
export const openAllPredictions = async (
  paths: readonly string[],
  { blockRows = 2048 }: { readonly blockRows?: number | undefined } = {},
): Promise<OpenedPredictions> => {
  const files: StoredPredictions[] = []
  const close = async (): Promise<void> => {
    await Promise.all(files.map((file) => file.close()))
  }
  try {
    for (const path of paths) {
      const file = await openPredictions(path)
      files.push(file)
      // Files share ids, so fifteen files take no more memory than one.
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
      'openAllPredictions: at least one file must be given, received none. Pass paths.',
    )
  }
  const source = async function* () {
    for (let start = 0; start < first.rows; start += blockRows) {
      yield { start, members: await Promise.all(files.map((file) => file.read(start, blockRows))) }
    }
  }
  return { files, ids: first.ids, source, close }
}

/** The file with the first one's ids, which must be equal. */
const sameRows = (file: StoredPredictions, first: StoredPredictions | undefined): StoredPredictions => {
  if (first === undefined) return file
  const row = file.rows === first.rows ? file.ids.findIndex((id, i) => id !== first.ids[i]) : 0
  if (file.rows === first.rows && row < 0) return { ...file, ids: first.ids }
  throw new KicError<EnsembleErrorCode>(
    'ensemble/predictions',
    file.rows === first.rows
      ? `openAllPredictions: files must have the same rows, received row ${row} as '${file.ids[row]}' in ${file.path} and '${first.ids[row]}' in ${first.path}. Predict the same rows in the same order.`
      : `openAllPredictions: files must have the same rows, received ${file.rows} in ${file.path} and ${first.rows} in ${first.path}. Predict the same rows.`,
  )
}

/** Votes on a block of rows. */
export interface VotedRows extends EnsembleVote {
  /** Number of the first row. */
  readonly start: number
  readonly ids: readonly string[]
}

/**
 * Votes on stored predictions, block by block. It needs the files alone.
 *
 * @param ensemble a result of `loadEnsemble`; all members must have `predictions`
 * @throws KicError `ensemble/predictions` if a file is missing or damaged, or has other rows, levels or labels
 */
export async function* voteOnStored(
  ensemble: Ensemble,
  options: { readonly blockRows?: number | undefined } = {},
): AsyncGenerator<VotedRows> {
  const opened = await openAllPredictions(
    ensemble.members.map(({ name, predictions }) => {
      if (predictions !== undefined) return predictions
      throw new KicError<EnsembleErrorCode>(
        'ensemble/predictions',
        `voteOnStored: every member must have stored predictions, received '${name}' without them. Predict them first.`,
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
          `voteOnStored: the member '${member?.name}' must predict the ${wanted?.labels.length} classes of '${wanted?.name}' in order, received the ${labels.length} of '${level}' in ${path}. Predict its own level.`,
        )
      }
    }
    for await (const { start, members } of opened.source()) {
      const ids = opened.ids.slice(start, start + defined(members[0]).rows)
      yield { start, ids, ...vote(ensemble, members) }
    }
  } finally {
    await opened.close()
  }
}

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, i) => text === b[i])
