import { DEFAULT_PREFIX } from '../parameters.ts'

/** The files of an adapter, as PEFT names them. */
export const ADAPTER_CONFIG = 'adapter_config.json'
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors'

/** PEFT wraps a model twice: as `base_model` of its own class, and as that class's `model`. */
const PEFT_PREFIX = 'base_model.model.'

/** The name of a parameter in an adapter's file. */
export const inPeft = (name: string): string => `${PEFT_PREFIX}${name}`

/** The parameter's own name; of an adapter that was trained on a `RobertaModel`, the name that task models have. */
export const fromPeft = (name: string): string => {
  const own = name.startsWith(PEFT_PREFIX) ? name.slice(PEFT_PREFIX.length) : name
  return own.startsWith('encoder.') ? `${DEFAULT_PREFIX}${own}` : own
}
