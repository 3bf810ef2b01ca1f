import { KicError } from '@kic/core'
import { z } from 'zod'
import type { RobertaErrorCode } from './error-code.ts'

/**
 * The largest accepted sizes, above those of any existing model. A config beyond them is damaged or hostile, and is
 * refused before anything of that size is allocated.
 */
const MOST = {
  tokens: 2 ** 24,
  hidden: 2 ** 16,
  intermediate: 2 ** 18,
  layers: 2 ** 10,
  positions: 2 ** 20,
  ngram: 16,
  classes: 100_000,
} as const

const size = (most: number) => z.int().positive().max(most)
const rate = z.number().min(0).lt(1)
const token = z.int().nonnegative().max(MOST.tokens)
/** Checked as a whole: a list of complaints about each entry could be a hundred times as long as the file. */
const record = <T>(what: string, isValid: (key: string, value: unknown) => boolean) =>
  z.custom<Record<string, T>>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.entries(value).every(([key, one]) => isValid(key, one)),
    what,
  )
const isText = (value: unknown): value is string => typeof value === 'string'

/**
 * The keys of Hugging Face's `config.json` that this package reads, with the defaults of transformers' `RobertaConfig`.
 * All others are kept unchanged, so saving loses nothing.
 */
const schema = z.object({
  model_type: z.literal('roberta'),
  /** V. */
  vocab_size: size(MOST.tokens).default(30_522),
  /** H. */
  hidden_size: size(MOST.hidden).default(768),
  /** L. Without layers, the encoder is its embeddings. */
  num_hidden_layers: z.int().nonnegative().max(MOST.layers).default(12),
  /** N. */
  num_attention_heads: size(MOST.hidden).default(12),
  /** I. */
  intermediate_size: size(MOST.intermediate).default(3072),
  hidden_act: z.literal('gelu').default('gelu'),
  hidden_dropout_prob: rate.default(0.1),
  attention_probs_dropout_prob: rate.default(0.1),
  /** Rows of the position table. Positions start at `pad_token_id + 1`, so texts may have that many tokens fewer. */
  max_position_embeddings: size(MOST.positions).default(512),
  type_vocab_size: size(MOST.tokens).default(2),
  initializer_range: z.number().positive().max(100).default(0.02),
  layer_norm_eps: z.number().positive().max(1).default(1e-12),
  pad_token_id: token.default(1),
  bos_token_id: token.default(0),
  eos_token_id: token.default(2),
  position_embedding_type: z.literal('absolute').default('absolute'),
  /** Dropout of the classification head; `null` means `hidden_dropout_prob`. */
  classifier_dropout: rate.nullable().default(null),
  /** Lengths of the token n-grams whose hashed embeddings every position adds to its own; absent: none. */
  ngram_sizes: z.array(z.int().positive().max(MOST.ngram)).min(1).max(MOST.ngram).optional(),
  /** Rows of the n-gram table; a prime spreads n-grams best. */
  ngram_buckets: size(MOST.tokens).optional(),
  /** Share of the n-grams that training leaves out. */
  ngram_dropout: rate.optional(),
  is_decoder: z.literal(false).optional(),
  add_cross_attention: z.literal(false).optional(),
  /** Name of each class; its length is C. */
  id2label: record<string>(
    'it must give a text for each class number',
    (id, label) => /^(0|[1-9]\d{0,6})$/.test(id) && isText(label),
  ),
  label2id: record<number>(
    'it must give a class number for each text',
    (_, id) => typeof id === 'number' && Number.isInteger(id) && id >= 0,
  ),
  /** Classes of transformers that compute the same as this model. */
  architectures: z
    .custom<string[]>((value) => Array.isArray(value) && value.every(isText), 'it must be a list of texts')
    .optional(),
  /** Properties without a key in transformers. */
  kic: z
    .looseObject({
      /** Name of a head other than the standard one. */
      head: z.string().optional(),
      /** Name of the classification whose codes are the labels, and of its level. */
      classification: z.string().optional(),
      level: z.string().optional(),
      /** Official name of each label. */
      names: record<string>('it must give a text for each label', (_, name) => isText(name)).optional(),
    })
    .optional(),
})

/**
 * A RoBERTa configuration: the content of `config.json`, complete and checked. Unknown keys are kept, but not typed.
 */
export type RobertaConfig = Readonly<z.infer<typeof schema>>

/** The argument of `createRobertaConfig`: any key of `config.json`; all have defaults. */
export type RobertaConfigInput = Readonly<
  Omit<z.input<typeof schema>, 'model_type' | 'id2label' | 'label2id'>
> & {
  /** C; names the classes LABEL_0, LABEL_1, … */
  readonly num_labels?: number | undefined
  /** Names of the classes 0, 1, …, instead of `num_labels`. */
  readonly id2label?: Readonly<Record<string, string>> | undefined
  /** Default: derived from `id2label`. */
  readonly label2id?: Readonly<Record<string, number>> | undefined
}

/**
 * Checks the content of a `config.json`.
 *
 * @throws KicError `roberta/model-type` for a model of another kind, `roberta/config` for settings that this
 *   implementation does not compute like transformers
 */
export const parseRobertaConfig = (json: unknown): RobertaConfig => {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new KicError<RobertaErrorCode>(
      'roberta/config',
      `parseRobertaConfig: a config must be a JSON object, received ${describe(json)}. Read it from a config.json.`,
    )
  }
  if (Object.hasOwn(json, '__proto__')) throw refused("it has a key '__proto__'")
  const { num_labels, ...given }: Record<string, unknown> = { ...json }
  if (given.model_type !== 'roberta') {
    throw new KicError<RobertaErrorCode>(
      'roberta/model-type',
      `parseRobertaConfig: the config's model_type must be "roberta", received ${describe(given.model_type)}. Choose a RoBERTa checkpoint, such as klue/roberta-small.`,
    )
  }
  const result = schema.loose().safeParse({ ...given, ...labelMaps(given, num_labels) })
  if (!result.success) {
    const [issue] = result.error.issues
    const key = String(issue?.path[0])
    throw refused(`${key} is ${describe(given[key])}: ${issue?.message ?? 'invalid'}`)
  }
  checkSizes(result.data)
  return result.data
}

/**
 * A configuration from a few sizes, everything else at transformers' defaults.
 *
 * @throws KicError `roberta/config`, also if `id2label` and `label2id` contradict each other, like those of two tasks
 */
export const createRobertaConfig = (input: RobertaConfigInput): RobertaConfig => {
  const config = parseRobertaConfig({ ...input, model_type: 'roberta' })
  for (const [label, id] of Object.entries(config.label2id)) {
    if (config.id2label[id] === label) continue
    throw refused(
      `label2id maps ${JSON.stringify(label)} to ${id}, which id2label calls ${JSON.stringify(config.id2label[id])}; give label2id as undefined to have it follow id2label`,
    )
  }
  return config
}

/** The most tokens that a text may have, special tokens included. */
export const maxTokens = (config: RobertaConfig): number =>
  config.max_position_embeddings - config.pad_token_id - 1

const checkSizes = (config: RobertaConfig): void => {
  if (config.hidden_size % config.num_attention_heads !== 0) {
    throw refused(
      `hidden_size ${config.hidden_size} is not a multiple of num_attention_heads ${config.num_attention_heads}`,
    )
  }
  if (config.pad_token_id >= config.vocab_size) {
    throw refused(`pad_token_id ${config.pad_token_id} is not below vocab_size ${config.vocab_size}`)
  }
  if (maxTokens(config) < 1) {
    throw refused(
      `max_position_embeddings ${config.max_position_embeddings} leaves no position after pad_token_id ${config.pad_token_id}`,
    )
  }
  const labels = Object.keys(config.id2label).length
  const numbers = new Map<string, number>()
  for (let id = 0; id < labels; id++) {
    const label = config.id2label[id]
    if (label === undefined) throw refused(`id2label has ${labels} classes but none of number ${id}`)
    const same = numbers.get(label)
    if (same !== undefined) {
      throw refused(
        `id2label calls both class ${same} and class ${id} ${JSON.stringify(label.slice(0, 200))}`,
      )
    }
    numbers.set(label, id)
  }
  for (const [label, id] of Object.entries(config.label2id)) {
    if (id >= labels)
      throw refused(
        `label2id maps ${JSON.stringify(label.slice(0, 200))} to ${id}, but there are ${labels} classes`,
      )
  }
}

/** As in transformers: `id2label` takes precedence, then `num_labels`; the default is two classes. */
const labelMaps = (
  given: Readonly<Record<string, unknown>>,
  count: unknown,
): { id2label: unknown; label2id: unknown } => {
  const isCount = typeof count === 'number' && Number.isInteger(count) && count > 0 && count <= MOST.classes
  if (count !== undefined && !isCount) {
    throw refused(`num_labels is ${describe(count)}, not an integer from 1 to ${MOST.classes}`)
  }
  const id2label =
    given.id2label ?? Object.fromEntries(Array.from({ length: count ?? 2 }, (_, id) => [id, `LABEL_${id}`]))
  if (typeof id2label !== 'object' || id2label === null)
    throw refused(`id2label is ${describe(id2label)}, not an object`)
  const entries: [id: string, label: unknown][] = Object.entries(id2label)
  if (entries.length > MOST.classes) {
    throw refused(`id2label has ${entries.length} classes, at most ${MOST.classes} are read`)
  }
  if (count !== undefined && entries.length !== count) {
    throw refused(`num_labels is ${count} but id2label has ${entries.length} classes`)
  }
  const label2id =
    given.label2id ??
    Object.fromEntries(entries.flatMap(([id, label]) => (isText(label) ? [[label, Number(id)]] : [])))
  return { id2label, label2id }
}

/** Values of files can be long. */
const describe = (value: unknown): string =>
  value === undefined ? 'missing' : (JSON.stringify(value)?.slice(0, 200) ?? typeof value)

const refused = (what: string): KicError =>
  new KicError<RobertaErrorCode>('roberta/config', `parseRobertaConfig: ${what}.`)
