import { KicError } from '@kic/core'
import { initialize, matchParameters, type ParamSpec } from '@kic/nn'
import type { HostTensors } from '@kic/safetensors'
import type { HierarchicalFusionErrorCode } from './error-code.ts'
import { PRESENT, PREVIOUS } from './fuse-encoders.ts'
import type { FusedClassifier } from './hierarchical-fusion.ts'

/** Checkpoints of whole models, as they were saved: encoders are found under `model.`, `roberta.` or no prefix. */
export interface FusionCheckpoints {
  /** The coarser level's model; of a fused previous level, that model's parameters. */
  readonly previous: HostTensors
  /** What the present level starts from; default: fresh parameters. */
  readonly present?: HostTensors | undefined
}

export interface InitializedFusion {
  /** Every parameter of the model, ready for `engine.place`. */
  readonly params: HostTensors
  /** Those that no checkpoint held: LayerNorm and head, and whatever the present checkpoint lacks. */
  readonly fresh: readonly string[]
}

/**
 * A fused model's first parameters: the previous level's encoder from its checkpoint, the present one's from another, the
 * rest fresh. The heads of both checkpoints are left behind, as in the published model.
 *
 * @param seed of fresh parameters; default 0
 * @throws KicError `hierarchical-fusion/incomplete-checkpoint` where the frozen encoder would not be whole,
 *   `nn/parameter-shape` where a checkpoint is of another size than the configs say
 */
export const initializeFusion = (
  model: FusedClassifier,
  { previous, present = {} }: FusionCheckpoints,
  seed = 0,
): InitializedFusion => {
  const before = taken(model.parameters, PREVIOUS, previous)
  const [absent] = before.missing
  if (absent !== undefined) {
    throw new KicError<HierarchicalFusionErrorCode>(
      'hierarchical-fusion/incomplete-checkpoint',
      `initializeFusion: the previous checkpoint lacks ${before.missing.length} parameters of the frozen encoder, the first being '${absent.name.slice(PREVIOUS.length)}', among ${Object.keys(previous).length} tensors. Nothing would ever train them: give the checkpoint that the previous config belongs to.`,
    )
  }
  const now = taken(model.parameters, PRESENT, present)
  const rest = model.parameters.filter(({ name }) => !name.startsWith(PREVIOUS) && !name.startsWith(PRESENT))
  const fresh = initialize([...now.missing, ...rest], seed)
  const found = { ...before.params, ...now.params, ...fresh }
  const params = Object.fromEntries(
    model.parameters.flatMap(({ name }) => {
      const tensor = found[name]
      return tensor ? [[name, tensor] as const] : []
    }),
  )
  return { params, fresh: Object.keys(fresh) }
}

/**
 * The parameters below a prefix, out of a checkpoint that has them under another. Where a model was saved with an encoder
 * `model.`, as the published ones are, its `roberta.` is the one that was never used.
 */
const taken = (specs: readonly ParamSpec[], prefix: string, checkpoint: HostTensors) => {
  const wanted = specs.filter(({ name }) => name.startsWith(prefix))
  const named = wanted.flatMap(({ name }) => {
    const bare = name.slice(prefix.length)
    const tensor = checkpoint[bare] ?? checkpoint[`model.${bare}`] ?? checkpoint[`roberta.${bare}`]
    return tensor ? [[name, tensor] as const] : []
  })
  return matchParameters(wanted, Object.fromEntries(named))
}
