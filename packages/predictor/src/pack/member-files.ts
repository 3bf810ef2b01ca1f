import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { PREPARATION_FILE } from '@kic/data/prepare'
import { TRAINING_TEXTS_FILE } from '../calibrate/training-texts.ts'
import { CONFIG_FILE } from '../model/model-config.ts'
import type { ModelFolder } from '../model/model-folder.ts'
import { NOTES_FILE } from '../model/model-notes.ts'
import { NGRAM_FILE } from '../model/ngram-folder.ts'
import { filesIn } from '../model/node-files.ts'
import { TOKENIZER_FILES } from '../model/tokenizer-cache.ts'
import { candidatesOf, noWeights, type Precision, WEIGHT_PATHS } from '../model/weights.ts'
import { PAIRS_FOLDER, RERANK_FILE, RETRIEVER_FOLDER } from '../rerank/rerank-file.ts'

/** A file of a member. */
export interface MemberFile {
  /** Where it is now. */
  readonly from: string
  /** Its path in the ensemble's folder, as members ask for it. */
  readonly path: string
  /** SHA-256 of its content. */
  readonly digest: string
}

/**
 * The files of a model's folder that running and calibrating it takes, with at most one ONNX file for each network.
 *
 * @throws KicError `predictor/no-weights`
 */
export const memberFiles = async (
  folder: string,
  below: string,
  model: ModelFolder,
  precision: Precision | undefined,
): Promise<readonly MemberFile[]> => {
  const files: MemberFile[] = []
  if (model.kind === 'reranked') {
    const parts = { [RETRIEVER_FOLDER]: model.retriever, [PAIRS_FOLDER]: model.pairs }
    for (const [name, part] of Object.entries(parts))
      files.push(...(await memberFiles(join(folder, name), `${below}/${name}`, part, precision)))
  }
  const wanted = [
    await mainFilesOf(model, folder, precision),
    NOTES_FILE,
    PREPARATION_FILE,
    TRAINING_TEXTS_FILE,
  ].flat()
  for (const name of wanted) {
    const from = join(folder, name)
    if (await isFile(from)) files.push({ from, path: `${below}/${name}`, digest: await digestOf(from) })
  }
  return files
}

/** The files of a model itself. */
const mainFilesOf = async (
  { kind }: ModelFolder,
  folder: string,
  precision: Precision | undefined,
): Promise<readonly string[]> => {
  if (kind === 'reranked') return [RERANK_FILE]
  if (kind === 'ngram') return [NGRAM_FILE]
  return [CONFIG_FILE, ...TOKENIZER_FILES, await onnxFile(folder, precision)]
}

const onnxFile = async (folder: string, precision: Precision | undefined): Promise<string> => {
  const candidates = candidatesOf(precision)
  for (const candidate of candidates)
    if (await isFile(join(folder, WEIGHT_PATHS[candidate]))) return WEIGHT_PATHS[candidate]
  throw noWeights('packEnsemble', filesIn(folder), candidates)
}

const isFile = async (path: string): Promise<boolean> =>
  (await stat(path).catch(() => undefined))?.isFile() === true

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** Digits of a digest in a file's name. */
const DIGITS = 12

/**
 * The place of each file: files with one content are stored once, under `shared/`.
 *
 * @returns by path as members ask for it, the path of the content
 */
export const placesOf = (files: readonly MemberFile[]): ReadonlyMap<string, string> => {
  const copies = new Map<string, number>()
  for (const { digest } of files) copies.set(digest, (copies.get(digest) ?? 0) + 1)
  return new Map(
    files.map(({ path, digest }) => {
      if (copies.get(digest) === 1) return [path, path]
      const extension = extname(path)
      const name = `${basename(path, extension)}-${digest.slice(0, DIGITS)}${extension}`
      return [path, `shared/${name}`]
    }),
  )
}
