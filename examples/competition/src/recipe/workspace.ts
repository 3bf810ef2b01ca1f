import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { codesOf, type Hierarchy, levelNames } from '@kic/data'
import type { Engine } from '@kic/engine'
import { createRobertaConfig, type RobertaConfig } from '@kic/roberta'
import type { Task } from '../load-task.ts'
import type { SizeName } from './members.ts'
import type { FreshSize, Recipe, SizeRecipe } from './recipe.ts'

/** What every stage of a run may use. */
export interface Workspace {
  readonly engine: Engine
  readonly recipe: Recipe
  readonly task: Task
  readonly seed: number
}

/** Sets of rows that members predict. */
export const PARTS = ['validation', 'test', 'submit'] as const
export type Part = (typeof PARTS)[number]

/** The file of a member's probabilities for a set of rows. */
export const predictionsFile = (folder: string, part: Part): string =>
  join(folder, `${part}.predictions.safetensors`)

/** A digest of everything that the stages read of the rows. */
export const taskFingerprint = ({ train, validation, test, submit, unlabelled }: Task): string => {
  const hash = createHash('sha256')
  for (const rows of [train, validation, test, submit, unlabelled]) {
    hash.update(`${rows.length}\n`)
    for (const { id, text, labels } of rows)
      hash.update(`${id}\t${text}\t${labels ? Object.values(labels).join() : ''}\n`)
  }
  return hash.digest('hex')
}

/** What a config says of a tokenizer. */
interface KnownTokens {
  readonly vocabSize: number
  readonly specialTokens: Readonly<Record<'pad' | 'cls' | 'sep', { readonly id: number }>>
}

/** The config of an encoder that begins with nothing. */
export const freshConfig = (
  { recipe }: Workspace,
  size: FreshSize,
  tokenizer: KnownTokens,
): RobertaConfig => {
  const { pad, cls, sep } = tokenizer.specialTokens
  return createRobertaConfig({
    vocab_size: tokenizer.vocabSize,
    hidden_size: size.hidden,
    num_hidden_layers: size.layers,
    num_attention_heads: size.heads,
    intermediate_size: 4 * size.hidden,
    initializer_range: size.initializerRange,
    // A pair holds a name beside the text.
    max_position_embeddings: 2 * recipe.maxLength + pad.id + 1,
    type_vocab_size: 1,
    pad_token_id: pad.id,
    bos_token_id: cls.id,
    eos_token_id: sep.id,
  })
}

/** A config with the classes of a level. */
export const withClasses = (config: RobertaConfig, { task }: Workspace, level: string): RobertaConfig =>
  createRobertaConfig({
    ...config,
    id2label: Object.fromEntries(codesOf(task.hierarchy, level).map((code, i) => [i, code])),
  })

/** The level that is next coarser, whose members fusion reads. */
export const levelAbove = (hierarchy: Hierarchy, level: string): string => {
  const names = levelNames(hierarchy)
  const above = names[names.indexOf(level) - 1]
  if (above !== undefined) return above
  throw new Error(`no level is above ${level}`)
}

/** The recipe of a size. */
export const sizeOf = ({ recipe }: Workspace, size: SizeName): SizeRecipe => {
  const found = recipe.sizes[size]
  if (found === undefined) throw new Error(`the recipe ${recipe.name} has no size ${size}`)
  return found
}
