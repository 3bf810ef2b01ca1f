import { KicError, type Random } from '@kic/core'
import type { TaptErrorCode } from './error-code.ts'
import type { MaskingVocabulary } from './masking-vocabulary.ts'

export interface MaskingOptions {
  /** Share of tokens, or of words, that are to be guessed; default 0.15. */
  readonly probability?: number
  /** Whether the pieces of a word are chosen together; default no. */
  readonly wholeWord?: boolean
}

/** A row with some of its tokens hidden. */
export interface MaskedRow {
  readonly ids: Int32Array
  /** Where tokens are to be guessed, ascending. */
  readonly positions: readonly number[]
  /** What stood there. */
  readonly labels: readonly number[]
}

/** Of the chosen tokens 80 % become the mask token, 10 % another token, and 10 % stay (Devlin et al. 2019, section 3.1). */
const MASKED = 0.8
const REPLACED = 0.1

/**
 * Chooses tokens of a row at random and hides them: masked language modelling as BERT defined it (Devlin et al. 2019,
 * arXiv:1810.04805). Special tokens, the unknown one included, are left alone. Each token, or with `wholeWord` each word,
 * is chosen on its own, so a row may come out unchanged.
 *
 * @param ids one row, special tokens included, without padding
 * @throws KicError `tapt/nothing-to-mask` for a row of special tokens alone, `tapt/token` for an id outside the vocabulary.
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
    const continues = wholeWord && continuation[id] === 1 && special[ids[position - 1] ?? -1] === 0
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
      `maskTokens: the row [${ids.subarray(0, 10)}${ids.length > 10 ? ', …' : ''}] has no token but special ones. Leave such rows out; \`maskableRows\` finds them.`,
    )
  }
  return { ids: masked, positions, labels }
}

/** Numbers of the rows that have a token to mask. */
export const maskableRows = (
  rows: readonly Int32Array[],
  { special }: Pick<MaskingVocabulary, 'special'>,
): readonly number[] => rows.flatMap((ids, row) => (ids.some((id) => !isSpecial(id, special)) ? [row] : []))

const isSpecial = (id: number, special: Uint8Array): boolean => {
  const found = special[id]
  if (found !== undefined) return found === 1
  throw new KicError<TaptErrorCode>(
    'tapt/token',
    `maskTokens: id ${id} is outside of the vocabulary of ${special.length} tokens. Mask with the tokenizer that made the ids.`,
  )
}
