import { KicError } from '@kic/core'
import type { HostTensors } from '@kic/safetensors'
import { inferenceContext } from '../context.ts'
import type { TensorFunction, Tensors } from '../contract.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { encodeModel } from '../onnx/encode-model.ts'
import { WeightsFile } from '../onnx/weights-file.ts'
import { useCounts } from '../optimize/fuse-bias.ts'
import { optimize } from '../optimize/optimize.ts'
import type { Constant, Graph, Value } from '../record/graph.ts'
import { type InputSpec, record } from '../record/record.ts'
import { halfWeights } from './half-weights.ts'
import { quantizeDynamic } from './quantize-dynamic.ts'
import { type Axis, chooseAxes, symbolicGraph, symbolicShape } from './symbolic-dimensions.ts'

/** An input of an exported model. */
export interface ExportInput {
  /** `int64` inputs are cast to int32 inside: what most runtimes feed ids as. */
  readonly dtype: 'float32' | 'int32' | 'int64' | 'bool'
  /** Sizes, or names of symbolic axes: `['batch', 'sequence']`. */
  readonly shape: readonly (number | string)[]
}

export interface ExportOptions {
  /** The model's inputs by name; the function receives them as feeds of these names. */
  readonly inputs: Readonly<Record<string, ExportInput>>
  /** The largest size that a symbolic axis may have, by its name, where the function takes no more: `{ sequence: 512 }`. */
  readonly limits?: Readonly<Record<string, number>>
}

/** A recorded inference function with its weights as constants: what ONNX files are made from. */
export interface ExportedGraph {
  readonly graph: Graph
  /** Dimensions of inputs and outputs, symbolic ones by name; by value id. */
  readonly dimensions: ReadonlyMap<number, readonly (number | string)[]>
}

/** Prefix of parameters among the inputs of the recording. */
const PARAM_PREFIX = 'param/'

/**
 * Records an inference function for export: no dropout, symbolic axes where the inputs name them.
 *
 * @throws KicError `engine/export-shape` where a size depends on a symbolic axis in a way that cannot be expressed, and
 *   whatever recording throws.
 */
export const recordForExport = (
  fn: TensorFunction,
  params: HostTensors,
  options: ExportOptions,
): ExportedGraph => {
  const inputs = Object.entries(options.inputs)
  const names = [...new Set(inputs.flatMap(([, { shape }]) => shape.filter((d) => typeof d === 'string')))]
  const fixed = [
    ...Object.values(params).flatMap(({ shape }) => shape),
    ...inputs.flatMap(([, { shape }]) => shape.filter((d) => typeof d === 'number')),
  ]
  const axes = chooseAxes(names, fixed, options.limits)
  const recordAt = (recording: 0 | 1): Graph => recordOnce(fn, params, options.inputs, axes, recording)
  const first = recordAt(0)
  const second = axes.length === 0 ? first : recordAt(1)
  const graph =
    axes.length === 0 ? first : symbolicGraph(first, second, axes, axisSources(first, options.inputs))
  const dimensions = new Map<number, readonly (number | string)[]>()
  first.inputs.forEach(({ value }, i) => {
    dimensions.set(value.id, symbolicShape(value.shape, second.inputs[i]?.value.shape ?? [], axes))
  })
  first.outputs.forEach(({ value }, i) => {
    dimensions.set(value.id, symbolicShape(value.shape, second.outputs[i]?.value.shape ?? [], axes))
  })
  checkNames(graph, params, options.inputs)
  return { graph: withWeights(optimize(graph), params), dimensions }
}

const recordOnce = (
  fn: TensorFunction,
  params: HostTensors,
  inputs: ExportOptions['inputs'],
  axes: readonly Axis[],
  recording: 0 | 1,
): Graph => {
  const sizeOf = (d: number | string): number =>
    typeof d === 'number' ? d : (axes.find(({ name }) => name === d)?.sizes[recording] ?? 1)
  const weights = Object.entries(params).map(
    ([name, { dtype, shape }]): InputSpec => ({ name: PARAM_PREFIX + name, dtype, shape }),
  )
  const feeds = Object.entries(inputs).map(
    ([name, { dtype, shape }]): InputSpec => ({ name, dtype, shape: shape.map(sizeOf) }),
  )
  const body = (tensors: Tensors): Tensors => {
    const named = Object.fromEntries(Object.keys(params).map((name) => [name, tensors[PARAM_PREFIX + name]]))
    const fed = Object.fromEntries(Object.keys(inputs).map((name) => [name, tensors[name]]))
    return fn(defined(named), defined(fed), inferenceContext)
  }
  return record([...weights, ...feeds], body, { keepInputs: true })
}

const defined = <T>(entries: Readonly<Record<string, T | undefined>>): Record<string, T> => {
  const result: Record<string, T> = {}
  for (const [name, value] of Object.entries(entries)) if (value !== undefined) result[name] = value
  return result
}

/** ONNX has one set of names for inputs, weights and outputs. */
const checkNames = ({ outputs }: Graph, params: HostTensors, inputs: ExportOptions['inputs']): void => {
  for (const { name } of outputs) {
    const other = name in inputs ? 'an input' : name in params ? 'a parameter' : undefined
    if (other === undefined) continue
    throw new KicError<EngineErrorCode>(
      'engine/export-names',
      `exportOnnx: names of outputs must differ from those of inputs and parameters, received "${name}", which is ` +
        `${other}, too. Return the tensor by another name.`,
    )
  }
}

/** For each symbolic axis an input that has it, of those that the graph reads where there is one. */
const axisSources = (graph: Graph, inputs: ExportOptions['inputs']) => {
  const sources = new Map<string, { input: Value; position: number }>()
  const uses = useCounts(graph)
  const isRead = ({ value }: Graph['inputs'][number]): boolean => uses.has(value.id)
  for (const { name, value } of [...graph.inputs].sort((a, b) => Number(isRead(b)) - Number(isRead(a)))) {
    inputs[name]?.shape.forEach((d, position) => {
      if (typeof d === 'string' && !sources.has(d)) sources.set(d, { input: value, position })
    })
  }
  return sources
}

/** The graph with its parameters as constants. */
const withWeights = (graph: Graph, params: HostTensors): Graph => {
  const constants = graph.inputs.flatMap(({ name, value }): Constant[] => {
    const weight = name.startsWith(PARAM_PREFIX) ? params[name.slice(PARAM_PREFIX.length)] : undefined
    if (weight === undefined) return []
    return [{ name: name.slice(PARAM_PREFIX.length), value, data: { kind: 'array', data: weight.data } }]
  })
  return {
    ...graph,
    inputs: graph.inputs.filter(({ name }) => !name.startsWith(PARAM_PREFIX)),
    constants: [...graph.constants, ...constants],
  }
}

/** Above this many bytes of weights an ONNX file cannot hold them: protobuf ends at 2 GiB. */
const EMBEDDED_BYTES = 2 ** 31 - 2 ** 24

/** How the weights of an exported model are stored. */
export type WeightFormat = 'float32' | 'float16' | 'int8'

/**
 * An inference function as an ONNX model (operator set 18) with its weights inside, named as the parameters are. Each
 * symbolic axis is recorded at two sizes between 29 and 97, or smaller ones where it has a limit: a branch on a size
 * (`x.shape[1] > 16`) is exported as these two take it, and refused only where they differ.
 *
 * @param params weights; those the function does not use are left out
 * @param format `float16` halves the file and computes in float32; `int8` quantises weights per output channel and
 *   activations while running (dynamic quantisation), with nearly equal results on all processors
 * @returns the file's bytes
 * @throws KicError `engine/export-too-large` above 2 GiB of weights, `engine/export-axes`, `engine/export-shape`, and what
 *   recording throws
 */
export const exportOnnx = (
  fn: TensorFunction,
  params: HostTensors,
  options: ExportOptions,
  format: WeightFormat = 'float32',
): Uint8Array => {
  const { graph, dimensions } = recordForExport(fn, params, options)
  const stored = withFormat(graph, format)
  const bytes = weightBytes(stored)
  if (bytes > EMBEDDED_BYTES) {
    throw new KicError<EngineErrorCode>(
      'engine/export-too-large',
      `exportOnnx: ${bytes} bytes of weights do not fit into one ONNX file (2 GiB). Call exportOnnxFiles, which puts ` +
        'them into a second file, or export as float16 or int8',
    )
  }
  return encodeModel(stored, { dimensions })
}

/** A file of an exported model. */
export interface OnnxFile {
  readonly name: string
  /** Its bytes, one piece after the other. */
  readonly content: readonly Uint8Array[]
}

export interface OnnxFilesOptions extends ExportOptions {
  /** Name of the model's file; default `model.onnx`. That of its weights is the same with `_data` behind. */
  readonly name?: string
  /** Weights of more bytes have a file of their own; default: what one file can hold, 2 GiB. */
  readonly embedUpTo?: number
}

/**
 * An inference function as the files of an ONNX model of any size: the model, and before it, where the weights are too
 * large to stand in it, a file of weights, which belongs into the same folder.
 *
 * @throws KicError as `exportOnnx`, but for the size
 */
export const exportOnnxFiles = (
  fn: TensorFunction,
  params: HostTensors,
  { name = 'model.onnx', embedUpTo = EMBEDDED_BYTES, ...options }: OnnxFilesOptions,
  format: WeightFormat = 'float32',
): readonly OnnxFile[] => {
  const { graph, dimensions } = recordForExport(fn, params, options)
  const stored = withFormat(graph, format)
  if (weightBytes(stored) <= Math.min(embedUpTo, EMBEDDED_BYTES)) {
    return [{ name, content: [encodeModel(stored, { dimensions })] }]
  }
  const weights = new WeightsFile(`${name}_data`)
  const model = encodeModel(stored, { dimensions, weights })
  return [
    { name: weights.name, content: weights.pieces },
    { name, content: [model] },
  ]
}

const withFormat = (graph: Graph, format: WeightFormat): Graph =>
  format === 'int8' ? quantizeDynamic(graph) : format === 'float16' ? halfWeights(graph) : graph

const weightBytes = ({ constants }: Graph): number =>
  constants.reduce((sum, { data }) => sum + (data.kind === 'array' ? data.data.byteLength : 0), 0)
