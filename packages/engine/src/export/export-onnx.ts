import { defined, KicError } from '@kic/core'
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
import { quantizeDynamic, storeWholeTables } from './quantize-dynamic.ts'
import { type Axis, chooseAxes, symbolicGraph, symbolicShape } from './symbolic-dimensions.ts'

/** An input of an exported model. */
export interface ExportInput {
  /** `int64`, the type of ids in most runtimes, is cast to int32 inside the model. */
  readonly dtype: 'float32' | 'int32' | 'int64' | 'bool'
  /** Sizes, or names of symbolic axes, such as `['batch', 'sequence']`. */
  readonly shape: readonly (number | string)[]
}

export interface ExportOptions {
  /** The model's inputs by name; the function receives them as feeds of these names. */
  readonly inputs: Readonly<Record<string, ExportInput>>
  /** The largest size of a symbolic axis that the function accepts, by name, such as `{ sequence: 512 }`. */
  readonly limits?: Readonly<Record<string, number>> | undefined
}

/** A recorded inference function with its weights as constants: the source of ONNX files. */
export interface ExportedGraph {
  readonly graph: Graph
  /** Dimensions of inputs and outputs by value id; symbolic ones are names. */
  readonly dimensions: ReadonlyMap<number, readonly (number | string)[]>
}

/** Prefix of parameters among the inputs of the recording. */
const PARAM_PREFIX = 'param/'

/**
 * Records an inference function for export: without dropout, with the symbolic axes of its inputs.
 *
 * @throws KicError `engine/export-shape` if a size depends on a symbolic axis in a way that ONNX cannot express, and
 *   all errors of recording
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
    dimensions.set(value.id, symbolicShape(value.shape, defined(second.inputs[i]).value.shape, axes))
  })
  first.outputs.forEach(({ value }, i) => {
    dimensions.set(value.id, symbolicShape(value.shape, defined(second.outputs[i]).value.shape, axes))
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
    typeof d === 'number' ? d : defined(axes.find(({ name }) => name === d)).sizes[recording]
  const weights = Object.entries(params).map(
    ([name, { dtype, shape }]): InputSpec => ({ name: PARAM_PREFIX + name, dtype, shape }),
  )
  const feeds = Object.entries(inputs).map(
    ([name, { dtype, shape }]): InputSpec => ({ name, dtype, shape: shape.map(sizeOf) }),
  )
  const body = (tensors: Tensors): Tensors => {
    const named = Object.fromEntries(Object.keys(params).map((name) => [name, tensors[PARAM_PREFIX + name]]))
    const fed = Object.fromEntries(Object.keys(inputs).map((name) => [name, tensors[name]]))
    return fn(withoutUndefined(named), withoutUndefined(fed), inferenceContext)
  }
  return record([...weights, ...feeds], body, { keepInputs: true })
}

const withoutUndefined = <T>(entries: Readonly<Record<string, T | undefined>>): Record<string, T> => {
  const result: Record<string, T> = {}
  for (const [name, value] of Object.entries(entries)) if (value !== undefined) result[name] = value
  return result
}

/** Inputs, weights and outputs share one namespace in ONNX. */
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

/** An input for each symbolic axis, preferably one that the graph reads. */
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

/** The most bytes of weights that one ONNX file can hold: the limit of protobuf is 2 GiB. */
const EMBEDDED_BYTES = 2 ** 31 - 2 ** 24

/** The storage format of an exported model's weights. */
export type WeightFormat = 'float32' | 'float16' | 'int8'

/**
 * An inference function as an ONNX model (operator set 18) that contains its weights under the parameters' names. Each
 * symbolic axis is recorded at two sizes between 29 and 97, or at smaller ones if it has a limit. A branch on a size
 * (`x.shape[1] > 16`) is exported as these two sizes take it, and refused only if they differ.
 *
 * @param params weights; those that the function does not use are omitted
 * @param format `float32` stores tables that `roundRows` has rounded as int8, without loss; `float16` halves the file and computes in float32; `int8` quantises weights per output channel and
 *   activations at run time (dynamic quantisation), with nearly equal results on all processors
 * @returns the file's bytes
 * @throws KicError `engine/export-too-large` above 2 GiB of weights, `engine/export-axes`, `engine/export-shape`, and
 *   all errors of recording
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
      `exportOnnx: weights must fit into one ONNX file (2 GiB), received ${bytes} bytes. Call exportOnnxFiles, which puts ` +
        'them into a second file, or export as float16 or int8.',
    )
  }
  return encodeModel(stored, { dimensions })
}

/** A file of an exported model. */
export interface OnnxFile {
  readonly name: string
  /** Its bytes, in pieces. */
  readonly content: readonly Uint8Array[]
}

export interface OnnxFilesOptions extends ExportOptions {
  /** Name of the model's file; default `model.onnx`. The file of its weights has the same name followed by `_data`. */
  readonly name?: string | undefined
  /** Weights of more bytes get a file of their own; default: 2 GiB, the limit of one file. */
  readonly embedUpTo?: number | undefined
}

/**
 * An inference function as the files of an ONNX model of any size: the model, preceded by a file of weights if these
 * are too large for it. Both belong in the same folder.
 *
 * @throws KicError as `exportOnnx`, except for the size
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
  format === 'int8'
    ? quantizeDynamic(graph)
    : format === 'float16'
      ? halfWeights(graph)
      : storeWholeTables(graph)

const weightBytes = ({ constants }: Graph): number =>
  constants.reduce((sum, { data }) => sum + (data.kind === 'array' ? data.data.byteLength : 0), 0)
