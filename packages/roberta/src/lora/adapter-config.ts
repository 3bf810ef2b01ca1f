import { KicError } from '@kic/core'
import { z } from 'zod'
import type { RobertaConfig } from '../config.ts'
import type { RobertaErrorCode } from '../error-code.ts'
import { LORA_MODULES, LORA_TARGETS, type Lora, type LoraTarget } from './lora.ts'

/** The layout of Hugging Face PEFT's `adapter_config.json` for what is computed here. */
export interface AdapterConfig {
  readonly peft_type: 'LORA'
  readonly task_type: 'SEQ_CLS' | 'FEATURE_EXTRACTION'
  readonly base_model_name_or_path: string | null
  readonly r: number
  readonly lora_alpha: number
  readonly lora_dropout: number
  readonly target_modules: readonly string[]
  /** Modules whose whole weights are in the file: those of the head. */
  readonly modules_to_save: readonly string[] | null
  readonly bias: 'none'
  readonly fan_in_fan_out: false
  readonly inference_mode: true
  readonly init_lora_weights: true
}

/**
 * @param base name or folder of the model whose weights are adapted
 * @param head names of the head's parameters
 */
export const adapterConfig = (
  lora: Lora,
  config: RobertaConfig,
  { base, head }: { readonly base?: string | undefined; readonly head: readonly string[] },
): AdapterConfig => {
  const modules = [...new Set(head.map((name) => name.split('.')[0] ?? name))]
  return {
    peft_type: 'LORA',
    task_type: modules.length === 0 ? 'FEATURE_EXTRACTION' : 'SEQ_CLS',
    base_model_name_or_path: base ?? null,
    r: lora.rank,
    lora_alpha: lora.alpha,
    lora_dropout: lora.dropout,
    target_modules: lora.targets.flatMap((target) => moduleNames(target, config)),
    modules_to_save: modules.length === 0 ? null : modules,
    bias: 'none',
    fan_in_fan_out: false,
    inference_mode: true,
    init_lora_weights: true,
  }
}

/** PEFT adapts every module whose path is the name or ends in a dot and the name. */
const moduleNames = (target: LoraTarget, { num_hidden_layers: layers }: RobertaConfig): readonly string[] => {
  const name = LORA_MODULES[target]
  // `output.dense` alone would be the attention's output, too.
  return target === 'output' ? Array.from({ length: layers }, (_, layer) => `layer.${layer}.${name}`) : [name]
}

/** Values that PEFT omits or writes for an adapter without this feature. */
const off = z.union([z.literal(false), z.null()]).optional()
const empty = z.union([z.record(z.string(), z.never()), z.array(z.never()), z.null()]).optional()

/** What is read of it. A feature that changes the computation and is not computed here must be off. */
const schema = z.object({
  peft_type: z.literal('LORA'),
  r: z
    .int()
    .positive()
    .max(2 ** 16),
  lora_alpha: z
    .number()
    .positive()
    .max(2 ** 32),
  lora_dropout: z.number().min(0).lt(1).default(0),
  base_model_name_or_path: z.string().max(4096).nullish(),
  bias: z.literal('none').default('none'),
  fan_in_fan_out: off,
  use_rslora: off,
  use_dora: off,
  lora_bias: off,
  rank_pattern: empty,
  alpha_pattern: empty,
  layer_replication: empty,
  megatron_config: z.null().optional(),
})

export type ReadAdapterConfig = Pick<Lora, 'rank' | 'alpha' | 'dropout'> & {
  readonly base: string | undefined
}

/**
 * Reads an `adapter_config.json`. The tensors' names tell the targets, since PEFT allows patterns for them.
 *
 * @throws KicError `roberta/adapter` for other adapters than LoRA, and for features that are not computed here
 */
export const parseAdapterConfig = (value: unknown): ReadAdapterConfig => {
  const { data, error } = schema.safeParse(value)
  if (data === undefined) {
    const faults = error.issues
      .slice(0, 5)
      .map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`)
    throw new KicError<RobertaErrorCode>(
      'roberta/adapter',
      `parseAdapterConfig: adapter_config.json must describe plain LoRA, received faults: ${faults.join('; ')}. Train the adapter ` +
        'without these features, or merge it where it was trained.',
    )
  }
  return {
    rank: data.r,
    alpha: data.lora_alpha,
    dropout: data.lora_dropout,
    base: data.base_model_name_or_path ?? undefined,
  }
}

/** The targets whose modules have adapters among these names. */
export const targetsIn = (names: readonly string[]): readonly LoraTarget[] =>
  LORA_TARGETS.filter((target) => {
    const pattern = new RegExp(
      `\\.layer\\.\\d+\\.${LORA_MODULES[target].replaceAll('.', '\\.')}\\.lora_[AB]\\.`,
    )
    return names.some((name) => pattern.test(name))
  })
