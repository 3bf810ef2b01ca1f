import { KicError } from '@kic/core'
import type { ParamSpec } from '@kic/nn'
import type { RobertaConfig } from '../config.ts'
import type { RobertaErrorCode } from '../error-code.ts'
import { DEFAULT_PREFIX, type PrefixOptions } from '../parameters.ts'
import { LORA_MODULES, type Lora, type LoraTarget } from './lora.ts'

/** The names of a module's A [rank, in] and B [out, rank], as PEFT has them. */
export const adapterNames = (module: string): { readonly a: string; readonly b: string } => ({
  a: `${module}.lora_A.weight`,
  b: `${module}.lora_B.weight`,
})

/** Whether a parameter is A or B of an adapter. */
export const isAdapter = (name: string): boolean => /\.lora_[AB]\.weight$/.test(name)

/** The adapted modules, with the names of their parameters' prefixes. */
export const adaptedModules = (
  { targets }: Pick<Lora, 'targets'>,
  { num_hidden_layers: layers }: Pick<RobertaConfig, 'num_hidden_layers'>,
  prefix: string = DEFAULT_PREFIX,
): { readonly module: string; readonly target: LoraTarget }[] =>
  Array.from({ length: layers }, (_, layer) =>
    targets.map((target) => ({
      module: `${prefix}encoder.layer.${layer}.${LORA_MODULES[target]}`,
      target,
    })),
  ).flat()

/**
 * The adapters' parameters: A is initialised as in the authors' loralib and in PEFT, uniform in ±1 / √in, and B is zero, so that
 * a fresh adapter changes nothing.
 *
 * @throws KicError `roberta/lora` for a rank above H, or an encoder without layers
 */
export const loraParameters = (
  lora: Lora,
  config: RobertaConfig,
  { prefix }: PrefixOptions = {},
): ParamSpec[] => {
  const { hidden_size: H, intermediate_size: I, num_hidden_layers: layers } = config
  const { rank } = lora
  if (rank > H || layers === 0) {
    throw new KicError<RobertaErrorCode>(
      'roberta/lora',
      `loraParameters: the encoder must have layers, and a hidden size of at least the rank, received ${layers} layers of ` +
        `size ${H} for rank ${rank}. Lower the rank, or train without LoRA.`,
    )
  }
  return adaptedModules(lora, config, prefix).flatMap(({ module, target }): ParamSpec[] => {
    const width = target === 'output' ? I : H
    const out = target === 'intermediate' ? I : H
    const { a, b } = adapterNames(module)
    return [
      { name: a, shape: [rank, width], init: { kind: 'uniform', bound: 1 / Math.sqrt(width) } },
      { name: b, shape: [out, rank], init: { kind: 'constant', value: 0 } },
    ]
  })
}

/** Whether training with adapters leaves a parameter as it is: every one of the encoder but the adapters. */
export const isFrozenByLora = (name: string, { prefix = DEFAULT_PREFIX }: PrefixOptions = {}): boolean =>
  name.startsWith(prefix) && !isAdapter(name)
