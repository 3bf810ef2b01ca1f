import { defined, KicError, type Random } from '@kic/core'
import type { TaptErrorCode } from './error-code.ts'
import type { MaskingVocabulary } from './masking-vocabulary.ts'

export interface MaskingOptions {
  /** Share of tokens, or of words, to predict; default 0.15. */
  readonly probability?: number | undefined
  /** Whether the pieces of a word are chosen together; default false. */
  readonly wholeWord?: boolean | undefined
}

/** A row with masked tokens. */
export interface MaskedRow {
  readonly ids: Int32Array
  /** Positions of the tokens to predict, ascending. */
  readonly positions: readonly number[]
  /** The original tokens at these positions. */
  readonly labels: readonly number[]
}

/** 80 % of the chosen tokens become the mask token, 10 % another token, and 10 % stay (Devlin et al. 2019, section 3.1). */
const MASKED = 0.8
const REPLACED = 0.1

/**
 * Masks random tokens of a row: masked language modelling as in BERT (Devlin et al. 2019, arXiv:1810.04805). Special
 * tokens, including the unknown token, are never chosen. Each token, or each word with `wholeWord`, is chosen independently,
 * so a row may stay unchanged.
 *
 * @param ids one row with special tokens, without padding
 * @throws KicError `tapt/nothing-to-mask` for a row of special tokens alone, `tapt/token` for an id outside the vocabulary
 */
export const maskTokens = (
  ids: Int32Array,
  vocabulary: MaskingVocabulary,
  random: Random,
  { probability = 0.15, wholeWord = false }: MaskingOptions = {},
): MaskedRow => {
  const { special, continuation, maskTokenId, ordinary } = vocabulary
  const masked = ids.slice()
  const positions: number[] = []
  const labels: number[] = []
  let [maskable, chosen] = [0, false]
  for (const [position, id] of ids.entries()) {
    if (isSpecial(id, special)) continue
    const continues =
      wholeWord && continuation[id] === 1 && position > 0 && special[defined(ids[position - 1])] === 0
    if (!continues) chosen = random.next() < probability
    maskable++
    if (!chosen) continue
    const lot = random.next()
    if (lot < MASKED) masked[position] = maskTokenId
    else if (lot < MASKED + REPLACED) masked[position] = ordinary[random.int(ordinary.length)] ?? id
    positions.push(position)
    labels.push(id)
  }
  if (maskable === 0) {
    throw new KicError<TaptErrorCode>(
      'tapt/nothing-to-mask',
      `maskTokens: a row must have ordinary tokens, received only special ones: [${ids.subarray(0, 10)}${ids.length > 10 ? ', …' : ''}]. Leave such rows out; \`maskableRows\` finds the others.`,
    )
  }
  return { ids: masked, positions, labels }
}

/** Numbers of the rows with a token to mask. */
export const maskableRows = (
  rows: readonly Int32Array[],
  { special }: Pick<MaskingVocabulary, 'special'>,
): readonly number[] => rows.flatMap((ids, row) => (ids.some((id) => !isSpecial(id, special)) ? [row] : []))

const isSpecial = (id: number, special: Uint8Array): boolean => {
  const found = special[id]
  if (found !== undefined) return found === 1
  throw new KicError<TaptErrorCode>(
    'tapt/token',
    `maskTokens: ids must be within the vocabulary of ${special.length} tokens, received ${id}. Use the tokenizer that made the ids.`,
  )
}
