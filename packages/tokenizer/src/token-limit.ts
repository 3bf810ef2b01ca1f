import type { Tokenizer } from './tokenizer.ts'

const isLimit = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 1

/**
 * The longest row of tokens, including special ones, for a model: its number of positions, but at most the limit of its
 * folder (`model_max_length` of tokenizer_config.json, `truncation.max_length` of tokenizer.json). Training and
 * prediction both use it, so a long text ends at the same token.
 *
 * @param positions the longest row that the model has positions for
 */
export const tokenLimit = ({ files }: Pick<Tokenizer, 'files'>, positions: number): number => {
  const truncation: unknown = files?.tokenizerJson.truncation
  const { max_length: truncated }: { readonly max_length?: unknown } = Object(truncation)
  const said = [files?.tokenizerConfig.model_max_length, truncated].filter(isLimit)
  return Math.min(positions, ...said.map(Math.floor))
}
