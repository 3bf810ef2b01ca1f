import { codesOf, finestLevel, levelNames } from '@kic/classification'
import { type EncoderSizes, freshConfig, freshTokenizer, tokenizeRows } from '@kic/classifier'
import type { Row } from '@kic/data'
import type { Engine } from '@kic/engine'
import type { RobertaConfig } from '@kic/roberta'
import type { Tokenizer } from '@kic/tokenizer'
import type { TokenRows } from '@kic/trainer'
import type { Task } from '../load-task.ts'
import type { AblationPreset } from './ablation-preset.ts'
import type { Settings } from './settings.ts'

/** Rows, and the same as tokens. */
export interface TokenizedRows {
  readonly rows: readonly Row[]
  readonly tokens: TokenRows
}

/** What all methods with equal settings share. */
export interface Setup {
  readonly engine: Engine
  readonly preset: AblationPreset
  readonly settings: Settings
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
export const prepare = async (
  engine: Engine,
  task: Task,
  preset: AblationPreset,
  settings: Settings,
): Promise<Setup> => {
  const texts = (rows: readonly Row[]): string[] => rows.map(({ text }) => text)
  const { vocabulary, maxLength } = preset
  const tokenizer = await freshTokenizer(
    texts(task.train),
    settings.reading.characters === 'joined'
      ? { vocabulary, reading: 'characters' }
      : { vocabulary, charactersOnly: true },
  )
  const config = freshConfig(tokenizer, sizesOf(preset, settings))
  const tokenized = (rows: readonly Row[]): TokenizedRows => ({
    rows,
    tokens: tokenizeRows({ tokenizer, config }, texts(rows), maxLength),
  })
  return {
    engine,
    preset,
    settings,
    task,
    tokenizer,
    train: tokenized(task.train),
    validation: tokenized(task.validation),
    test: tokenized(task.test),
    level: finestLevel(task.classification),
    coarser: levelNames(task.classification).at(-2) ?? finestLevel(task.classification),
  }
}

/** A pair holds a name beside the text. */
const sizesOf = (
  { hidden, heads, initializerRange, maxLength }: AblationPreset,
  { reading: { layers, ngramSizes, ngramBuckets } }: Settings,
): EncoderSizes => ({
  hidden,
  layers,
  heads,
  initializerRange,
  maxLength: 2 * maxLength,
  ngramSizes,
  ngramBuckets,
})

/** An encoder of its sizes, with the classes of a level. */
export const configOf = ({ preset, settings, task, tokenizer }: Setup, level: string): RobertaConfig =>
  freshConfig(tokenizer, sizesOf(preset, settings), codesOf(task.classification, level))
