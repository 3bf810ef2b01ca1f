import { defined } from '@kic/core'
import type { UnusableReason } from '../answers/prediction.ts'
import type { ModelFolder } from '../model/model-folder.ts'
import { inNgramFile } from '../model/ngram-folder.ts'
import type { CheckedText } from '../model/usable-text.ts'
import { ngramTexts } from './ngram-texts.ts'
import { tokenizeTexts } from './tokenize-texts.ts'

/** What models cannot read of a text. */
export interface TextLimits {
  /** Why some model cannot use it; `undefined` if all can. */
  readonly reason: UnusableReason | undefined
  /** Whether it is longer than the input of some model. */
  readonly truncated: boolean
}

/** Texts that are tokenized at once. */
const WINDOW = 4096

/**
 * The limits of texts, without running the models: a predictor of these models, or of their ensemble, answers `unusable` and
 * `truncated` for the same texts.
 *
 * @param models of an ensemble, in the order of its members; or a single one
 * @throws KicError `ngram/file`
 */
export const textLimits = async (
  models: readonly ModelFolder[],
  texts: readonly string[],
): Promise<readonly TextLimits[]> => {
  const readers = await Promise.all(models.map(readerOf))
  const limits: TextLimits[] = []
  for (let start = 0; start < texts.length; start += WINDOW) {
    const window = texts.slice(start, start + WINDOW)
    const read = readers.map((reader) => reader(window))
    for (const i of window.keys()) {
      const rows = read.map((texts) => defined(texts[i]))
      const reason = rows.find((row) => row.reason !== undefined)?.reason
      limits.push({ reason, truncated: reason === undefined && rows.some((row) => row.truncated) })
    }
  }
  return limits
}

type Reader = (
  texts: readonly string[],
) => readonly (Pick<CheckedText, 'reason'> & { readonly truncated?: boolean })[]

const readerOf = async (folder: ModelFolder): Promise<Reader> => {
  if (folder.kind === 'reranked') return readerOf(folder.retriever)
  if (folder.kind === 'network')
    return (texts) =>
      tokenizeTexts(folder, texts).map((row) => ('tokens' in row ? { truncated: row.truncated } : row))
  const { readNgramModel } = await import('@kic/ngram')
  const model = inNgramFile(folder.name, () => readNgramModel(folder.weights))
  return (texts) => ngramTexts(folder, model, texts)
}
