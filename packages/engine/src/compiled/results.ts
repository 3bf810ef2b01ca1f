import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import type { EngineErrorCode } from '../error-code.ts'
import { nodeName } from '../onnx/encode-model.ts'
import { callingLine } from '../record/calling-line.ts'
import { type Graph, sameShape, type Value } from '../record/graph.ts'

/**
 * A result of another shape than the recorded one would pass for correct numbers.
 *
 * @throws KicError `engine/output-shape`
 */
export const checkShape = (
  graph: Graph,
  name: string,
  { id, shape }: Value,
  received: readonly number[] | undefined,
): void => {
  if (received !== undefined && sameShape(received, shape)) return
  const node = graph.nodes.find(({ outputs }) => outputs.some((value) => value.id === id))
  const origin = node === undefined ? '' : ` by ${node.op} at ${callingLine(node.origin)}`
  throw new KicError<EngineErrorCode>(
    'engine/output-shape',
    `run: the output "${name}", computed${origin}, must have the recorded shape [${shape}], received ` +
      `${received === undefined ? 'nothing' : `[${received}]`} from ONNX Runtime. This is a fault of @kic/engine: ` +
      "please report the function. Meanwhile, selectEngine('cpu') computes it.",
  )
}

/**
 * A result as a host tensor.
 *
 * @throws KicError `engine/output-type`
 */
export const hostTensor = (name: string, data: unknown, { dtype, shape }: Value): HostTensor => {
  if (dtype === 'float32' && data instanceof Float32Array) return { dtype, shape, data }
  if (dtype === 'int32' && data instanceof Int32Array) return { dtype, shape, data }
  if (dtype === 'bool' && data instanceof Uint8Array) return { dtype, shape, data }
  throw new KicError<EngineErrorCode>(
    'engine/output-type',
    `run: the output "${name}" must be ${dtype} as recorded, received ${data?.constructor?.name ?? data} from ONNX ` +
      "Runtime. This is a fault of @kic/engine: please report the function. Meanwhile, selectEngine('cpu') computes it.",
  )
}

/** Adds to an error of ONNX Runtime the line that recorded the failing node. */
export const explained = (what: string, graph: Graph, cause: unknown): KicError => {
  const message = cause instanceof Error ? cause.message : String(cause)
  const index = graph.nodes.findIndex((node, i) => new RegExp(`\\b${nodeName(node.op, i)}\\b`).test(message))
  const node = graph.nodes[index]
  const origin =
    node === undefined ? '' : ` The operator ${node.op} was recorded at ${callingLine(node.origin)}.`
  return new KicError<EngineErrorCode>('engine/onnxruntime', `ONNX Runtime ${what}: ${message}.${origin}`, {
    cause,
  })
}
