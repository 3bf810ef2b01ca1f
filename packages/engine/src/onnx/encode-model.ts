import { create, toBinary } from '@bufbuild/protobuf'
import { KicError } from '@kic/core'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import type { EngineErrorCode } from '../error-code.ts'
import {
  type Attribute,
  type Constant,
  type Graph,
  type GraphDType,
  sizeOf,
  type Value,
} from '../record/graph.ts'
import { ONNX_TYPE } from '../record/graph-builder.ts'
import type { WeightsFile } from './weights-file.ts'

/** The ONNX operator set that recorded graphs are written in. */
export const OPSET = 18
/** The version that came with opset 18, so every runtime that knows one reads the other. */
const IR_VERSION = 8n
/** Fills of at most this many elements are written out; a node computes larger ones. */
const INLINE_FILL = 64
/** Constants of fewer bytes stay in the model, even if weights have a file of their own. */
const SMALLEST_EXTERNAL = 1024

/** The name of node `index` in an encoded model; it leads from an error back to the node. */
export const nodeName = (op: string, index: number): string => `${op}_${index}`

export interface EncodeOptions {
  /** Dimensions of inputs and outputs that differ from their recorded shape, by value id; symbolic ones are names. */
  readonly dimensions?: ReadonlyMap<number, readonly (number | string)[]> | undefined
  /** Receives the larger constants, which are then left out of the model itself. */
  readonly weights?: WeightsFile | undefined
}

/** Serialises a graph as an ONNX model. */
export const encodeModel = (graph: Graph, { dimensions, weights }: EncodeOptions = {}): Uint8Array => {
  const names = new Map<number, string>()
  for (const { name, value } of graph.constants) if (name !== undefined) names.set(value.id, name)
  for (const { name, value } of graph.inputs) names.set(value.id, name)
  const constantIds = new Set(graph.constants.map(({ value }) => value.id))
  // A node writes straight to the output, but an input, a constant or a second output of one value needs a copy.
  const copied = graph.outputs.filter(({ name, value }) => {
    if (names.has(value.id) || constantIds.has(value.id)) return true
    names.set(value.id, name)
    return false
  })
  const nameOf = (value: Value): string => names.get(value.id) ?? `t${value.id}`
  const filled = graph.constants.filter(
    ({ value, data }) => data.kind === 'fill' && sizeOf(value.shape) > INLINE_FILL,
  )
  const inline = graph.constants.filter((constant) => !filled.includes(constant))
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: '@kic/engine',
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: BigInt(OPSET) }),
      create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
    ],
    graph: create(GraphProtoSchema, {
      name: 'recorded',
      input: graph.inputs.map(({ name, value }) => valueInfo(name, value, dimensions?.get(value.id))),
      output: graph.outputs.map(({ name, value }) => valueInfo(name, value, dimensions?.get(value.id))),
      initializer: [
        ...inline.map((constant) => initializer(nameOf(constant.value), constant, weights)),
        ...filled.map(({ value }) => shapeInitializer(`${nameOf(value)}.shape`, value.shape)),
      ],
      node: [
        ...filled.map((constant) => fillNode(nameOf(constant.value), constant)),
        ...graph.nodes.map((node, index) =>
          create(NodeProtoSchema, {
            name: nodeName(node.op, index),
            opType: node.op,
            domain: node.domain,
            input: node.inputs.map((value) => (value === undefined ? '' : nameOf(value))),
            output: node.outputs.map(nameOf),
            attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
          }),
        ),
        ...copied.map(({ name, value }) =>
          create(NodeProtoSchema, {
            name: `output:${name}`,
            opType: 'Identity',
            input: [nameOf(value)],
            output: [name],
          }),
        ),
      ],
    }),
  })
  return toBinary(ModelProtoSchema, model)
}

const valueInfo = (name: string, { dtype, shape }: Value, dimensions: readonly (number | string)[] = shape) =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType: ONNX_TYPE[dtype],
          shape: create(TensorShapeProtoSchema, {
            dim: dimensions.map((d) =>
              create(TensorShapeProto_DimensionSchema, {
                value:
                  typeof d === 'number'
                    ? { case: 'dimValue', value: BigInt(d) }
                    : { case: 'dimParam', value: d },
              }),
            ),
          }),
        }),
      },
    }),
  })

const dims = (shape: readonly number[]): bigint[] => shape.map(BigInt)

const bytesOf = (data: ArrayBufferView): Uint8Array<ArrayBuffer> => {
  const copy = new Uint8Array(data.byteLength)
  copy.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  return copy
}

const filledArray = (dtype: GraphDType, size: number, value: number): ArrayBufferView => {
  switch (dtype) {
    case 'float32':
      return new Float32Array(size).fill(value)
    case 'int32':
      return new Int32Array(size).fill(value)
    case 'bool':
      return new Uint8Array(size).fill(value)
    case 'int64':
      return new BigInt64Array(size).fill(BigInt(value))
    case 'int8':
      return new Int8Array(size).fill(value)
    case 'uint8':
      return new Uint8Array(size).fill(value)
    case 'float16':
      throw new KicError<EngineErrorCode>('engine/internal', 'encodeModel: fills are never float16')
  }
}

const initializer = (name: string, { value, data }: Constant, weights: WeightsFile | undefined) => {
  const described = { name, dataType: ONNX_TYPE[value.dtype], dims: dims(value.shape) }
  if (weights !== undefined && data.kind === 'array' && data.data.byteLength >= SMALLEST_EXTERNAL) {
    const entry = (key: string, text: number | string) =>
      create(StringStringEntryProtoSchema, { key, value: `${text}` })
    return create(TensorProtoSchema, {
      ...described,
      dataLocation: TensorProto_DataLocation.EXTERNAL,
      externalData: [
        entry('location', weights.name),
        entry('offset', weights.add(data.data)),
        entry('length', data.data.byteLength),
      ],
    })
  }
  return create(TensorProtoSchema, {
    ...described,
    rawData: bytesOf(
      data.kind === 'array' ? data.data : filledArray(value.dtype, sizeOf(value.shape), data.value),
    ),
  })
}

const shapeInitializer = (name: string, shape: readonly number[]) =>
  create(TensorProtoSchema, {
    name,
    dataType: ONNX_TYPE.int64,
    dims: [BigInt(shape.length)],
    rawData: bytesOf(BigInt64Array.from(shape, BigInt)),
  })

const fillNode = (name: string, { value, data }: Constant) =>
  create(NodeProtoSchema, {
    name: `fill:${name}`,
    opType: 'ConstantOfShape',
    input: [`${name}.shape`],
    output: [name],
    attribute: [
      create(AttributeProtoSchema, {
        name: 'value',
        type: AttributeProto_AttributeType.TENSOR,
        t: create(TensorProtoSchema, {
          dataType: ONNX_TYPE[value.dtype],
          dims: [1n],
          rawData: bytesOf(filledArray(value.dtype, 1, data.kind === 'fill' ? data.value : 0)),
        }),
      }),
    ],
  })

const attribute = (name: string, value: Attribute) => {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) })
  }
  if (typeof value === 'string') {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.STRING,
      s: new TextEncoder().encode(value),
    })
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float })
  }
  return create(AttributeProtoSchema, {
    name,
    type: AttributeProto_AttributeType.INTS,
    ints: value.map(BigInt),
  })
}
