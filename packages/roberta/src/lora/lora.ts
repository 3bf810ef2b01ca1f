import { KicError } from '@kic/core'
import type { RobertaErrorCode } from '../error-code.ts'

/** The linear layers of an encoder layer that an adapter can stand beside, with transformers' names of their modules. */
export const LORA_MODULES = {
  query: 'attention.self.query',
  key: 'attention.self.key',
  value: 'attention.self.value',
  'attention-output': 'attention.output.dense',
  intermediate: 'intermediate.dense',
  output: 'output.dense',
} as const

export type LoraTarget = keyof typeof LORA_MODULES

/** All of them, in the order of the forward pass. */
export const LORA_TARGETS: readonly LoraTarget[] = [
  'query',
  'key',
  'value',
  'attention-output',
  'intermediate',
  'output',
]

export interface LoraOptions {
  /** r, the width of the adapters. */
  readonly rank: number
  /** The adapters' output is scaled by `alpha / rank`; default: twice the rank. */
  readonly alpha?: number | undefined
  /** The adapted layers; default: query and value, as in the paper. */
  readonly targets?: readonly LoraTarget[] | undefined
  /** Dropout of the adapters' input; default 0. */
  readonly dropout?: number | undefined
}

/** Low-rank adaptation as plain data, complete and checked. */
export interface Lora {
  readonly rank: number
  readonly alpha: number
  /** Without repetition, in the order of `LORA_TARGETS`. */
  readonly targets: readonly LoraTarget[]
  readonly dropout: number
}

/**
 * Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685): a frozen weight W [out, in] computes `W + alpha / rank · B · A`,
 * of which A [rank, in] and B [out, rank] are trained. Pass the result to `sequenceClassifier` or `robertaEncoder`.
 *
 * @throws KicError `roberta/lora` for values that no adapter can have
 */
export const lora = ({
  rank,
  alpha = 2 * rank,
  targets = ['query', 'value'],
  dropout = 0,
}: LoraOptions): Lora => {
  const refuse = (rule: string, received: unknown): never => {
    throw new KicError<RobertaErrorCode>('roberta/lora', `lora: ${rule}, received ${received}. Correct it.`)
  }
  if (!(Number.isSafeInteger(rank) && rank > 0)) refuse('rank must be a positive integer', rank)
  if (!(alpha > 0 && Number.isFinite(alpha))) refuse('alpha must be above 0', alpha)
  if (!(dropout >= 0 && dropout < 1)) refuse('dropout must be at least 0 and below 1', dropout)
  const unknown = targets.find((target) => !LORA_TARGETS.includes(target))
  if (unknown !== undefined || targets.length === 0)
    refuse(`targets must be some of ${LORA_TARGETS.join(', ')}`, unknown ?? 'none')
  return { rank, alpha, targets: LORA_TARGETS.filter((target) => targets.includes(target)), dropout }
}

/** The factor of the adapters' output. */
export const loraScale = ({ alpha, rank }: Lora): number => alpha / rank
