import { createRandom } from '@kic/core'
import type { Tensor } from '../../tensor.ts'
import { loadOnnxRuntime } from '../../compiled/onnx-runtime.ts'
import { Program } from '../../compiled/program.ts'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { Tensors } from '../../contract.ts'
import { type Graph, sizeOf } from '../../record/graph.ts'
import { type InputSpec, record } from '../../record/record.ts'

/** A float32 input by name and shape. */
export const input = (name: string, ...shape: number[]): InputSpec => ({ name, dtype: 'float32', shape })

/** Records a function of named inputs, all present. */
export const recorded = (inputs: readonly InputSpec[], fn: (x: (name: string) => Tensor) => Tensors): Graph =>
  record(inputs, (symbols) =>
    fn((name) => {
      const symbol = symbols[name]
      if (symbol === undefined) throw new Error(`there is no input ${name}`)
      return symbol
    }),
  )

/** Random values for the inputs: floats, and integers below 4. */
export const drawn = (inputs: readonly InputSpec[]): HostTensors => {
  const random = createRandom('graph')
  return Object.fromEntries(
    inputs.map(({ name, dtype, shape }): [string, HostTensor] => {
      const length = sizeOf(shape)
      return dtype === 'int32'
        ? [name, { dtype, shape, data: Int32Array.from({ length }, () => random.int(4)) }]
        : [name, { dtype: 'float32', shape, data: Float32Array.from({ length }, () => random.normal()) }]
    }),
  )
}

/** Runs a graph unchanged: ONNX Runtime's own optimizations are off. */
export const runGraph = async (graph: Graph, feeds: HostTensors): Promise<HostTensors> => {
  const runtime = await loadOnnxRuntime()
  const program = await Program.compile(
    runtime,
    graph,
    ({ dtype, data, shape }) => new runtime.Tensor(dtype, data, shape),
    { graphOptimizationLevel: 'disabled', logSeverityLevel: 3, intraOpNumThreads: 1, interOpNumThreads: 1 },
  )
  const outputs = await program.run(feeds)
  await program.release()
  return outputs
}

/** The operators of a graph, sorted. */
export const opsOf = (graph: Graph): string[] => graph.nodes.map(({ op }) => op).sort()

/** The largest difference between the outputs of two runs, which must have the same names and shapes. */
export const furthest = (a: HostTensors, b: HostTensors): number => {
  const shapes = (tensors: HostTensors): string =>
    Object.entries(tensors)
      .map(([name, { dtype, shape }]) => `${name}:${dtype}[${shape}]`)
      .sort()
      .join()
  if (shapes(a) !== shapes(b)) throw new Error(`${shapes(a)} differs from ${shapes(b)}`)
  return Math.max(
    ...Object.entries(a).flatMap(([name, { data }]) =>
      Array.from(data, (x, i) => Math.abs(x - (b[name]?.data[i] ?? Number.NaN))),
    ),
  )
}
