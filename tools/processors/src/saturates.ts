import { create, toBinary } from '@bufbuild/protobuf'
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const SIZE = 64
const [UINT8, INT8] = [2, 3]

/**
 * Whether this processor's products of uint8 and int8 are cut off at 16 bits: that of 255 and 127, 64 times. It shows
 * that an emulated processor does what this tool is there to find.
 */
export const saturates = async (): Promise<boolean> => {
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: 18n })],
    graph: create(GraphProtoSchema, {
      name: 'product',
      input: [tensor('a', UINT8)],
      output: [tensor('y', 6)],
      initializer: [
        create(TensorProtoSchema, {
          name: 'b',
          dataType: INT8,
          dims: [BigInt(SIZE), BigInt(SIZE)],
          rawData: new Uint8Array(SIZE * SIZE).fill(127),
        }),
      ],
      node: [create(NodeProtoSchema, { opType: 'MatMulInteger', input: ['a', 'b'], output: ['y'] })],
    }),
  })
  const session = await InferenceSession.create(toBinary(ModelProtoSchema, model), { logSeverityLevel: 3 })
  const a = new Tensor('uint8', new Uint8Array(SIZE * SIZE).fill(255), [SIZE, SIZE])
  const [first] = (await session.run({ a })).y?.data ?? []
  await session.release()
  return Number(first) !== SIZE * 255 * 127
}

const tensor = (name: string, elemType: number) =>
  create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: create(TypeProto_TensorSchema, {
          elemType,
          shape: create(TensorShapeProtoSchema, {
            dim: [SIZE, SIZE].map((d) =>
              create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(d) } }),
            ),
          }),
        }),
      },
    }),
  })
