import type { HostTensors } from '@kic/safetensors'

/** One ONNX file cannot hold more: 2 GiB, the limit of protobuf, less what the graph takes. */
const MOST_BYTES = 2 ** 31 - 2 ** 24

/** How a packed network stores its weights: as they are, where one file can hold them. */
export const packedPrecision = (params: HostTensors): 'float32' | 'float16' =>
  Object.values(params).reduce((sum, { data }) => sum + data.byteLength, 0) > MOST_BYTES
    ? 'float16'
    : 'float32'

/** For the card and the terminal: which members are stored as float16, if any. */
export const precisionNote = (halved: readonly string[]): string | undefined =>
  halved.length === 0
    ? undefined
    : `Stored as float16: ${halved.join(', ')}, whose float32 weights exceed the 2 GiB of one ONNX file. The folder's ` +
      'confidences may differ slightly from those of predictions.csv.'
