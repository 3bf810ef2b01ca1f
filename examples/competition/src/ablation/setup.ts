import { codesOf, finestLevel, levelNames } from '@kic/classification'
import type { Row } from '@kic/data'
import type { Engine } from '@kic/engine'
import { createRobertaConfig, type RobertaConfig } from '@kic/roberta'
import { createTokenizer, type Tokenizer, trainWordPiece } from '@kic/tokenizer'
import type { TokenRows } from '@kic/trainer'
import type { Task } from '../load-task.ts'
import { tokenize } from '../tokenize.ts'
import type { AblationPreset } from './ablation-preset.ts'

/** Rows, and the same as tokens. */
export interface TokenizedRows {
  readonly rows: readonly Row[]
  readonly tokens: TokenRows
}

/** What all methods share. */
export interface Setup {
  readonly engine: Engine
  readonly preset: AblationPreset
  readonly task: Task
  readonly tokenizer: Tokenizer
  readonly train: TokenizedRows
  readonly validation: TokenizedRows
  readonly test: TokenizedRows
  /** The level that all methods predict. */
  readonly level: string
  /** The level above it, which hierarchical fusion reads. */
  readonly coarser: string
}

/** Learns a vocabulary of the training rows, a token for each character, and tokenizes. */
export const prepare = async (engine: Engine, task: Task, preset: AblationPreset): Promise<Setup> => {
  const vocabulary = await trainWordPiece(
    task.train.map(({ text }) => text),
    { vocabSize: preset.vocabulary, charactersOnly: true },
  )
  const tokenizer = createTokenizer({ vocabulary, tokenizerConfig: { do_lower_case: false } })
  const tokenized = (rows: readonly Row[]): TokenizedRows => ({
    rows,
    tokens: tokenize(tokenizer, rows, preset.maxLength),
  })
  return {
    engine,
    preset,
    task,
    tokenizer,
    train: tokenized(task.train),
    validation: tokenized(task.validation),
    test: tokenized(task.test),
    level: finestLevel(task.classification),
    coarser: levelNames(task.classification).at(-2) ?? finestLevel(task.classification),
  }
}

/** An encoder of the preset's size, with the classes of a level. */
export const configOf = ({ preset, task, tokenizer }: Setup, level: string): RobertaConfig => {
  const { pad, cls, sep } = tokenizer.specialTokens
  // A pair holds a name beside the text.
  const longest = 2 * preset.maxLength
  return createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: preset.hidden,
    num_hidden_layers: preset.layers,
    num_attention_heads: preset.heads,
    intermediate_size: 4 * preset.hidden,
    initializer_range: preset.initializerRange,
    max_position_embeddings: longest + pad.id + 1,
    type_vocab_size: 1,
    pad_token_id: pad.id,
    bos_token_id: cls.id,
    eos_token_id: sep.id,
    id2label: Object.fromEntries(codesOf(task.classification, level).map((code, i) => [i, code])),
  })
}
