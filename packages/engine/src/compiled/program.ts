import { KicError } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import type { EngineErrorCode } from '../error-code.ts'
import { encodeModel } from '../onnx/encode-model.ts'
import type { Graph } from '../record/graph.ts'
import { fillsOutputs, type OnnxRuntime, type OrtSession, type OrtTensor } from './onnx-runtime.ts'
import { checkShape, explained, hostTensor } from './results.ts'
import type { SessionProfiler } from './session-profiler.ts'

/** Options of ONNX Runtime's session, under the names in its documentation. */
export type SessionOptions = Readonly<Record<string, unknown>>

/** A graph that ONNX Runtime has compiled. Owns its session. */
export class Program {
  readonly #graph: Graph
  readonly #session: OrtSession
  readonly #wrap: (tensor: HostTensor) => OrtTensor
  readonly #profiler: SessionProfiler | undefined
  readonly #fillsOutputs: boolean

  private constructor(
    graph: Graph,
    session: OrtSession,
    wrap: (tensor: HostTensor) => OrtTensor,
    profiler: SessionProfiler | undefined,
    fillsOutputs: boolean,
  ) {
    this.#graph = graph
    this.#session = session
    this.#wrap = wrap
    this.#profiler = profiler
    this.#fillsOutputs = fillsOutputs
  }

  static async compile(
    runtime: OnnxRuntime,
    graph: Graph,
    wrap: (tensor: HostTensor) => OrtTensor,
    options: SessionOptions,
    profiler?: SessionProfiler,
  ): Promise<Program> {
    const create = (more: SessionOptions): Promise<OrtSession> =>
      runtime.InferenceSession.create(encodeModel(graph), { ...options, ...more })
    try {
      return new Program(
        graph,
        await (profiler?.session(create) ?? create({})),
        wrap,
        profiler,
        fillsOutputs(runtime),
      )
    } catch (cause) {
      throw explained('could not compile the recorded function', graph, cause)
    }
  }

  /** Names of the inputs that the graph reads. */
  get inputs(): readonly string[] {
    return this.#graph.inputs.map(({ name }) => name)
  }

  /**
   * Runs the graph. An output with a tensor in `into` is written there; the others are returned in new arrays.
   */
  async run(
    feeds: Readonly<Record<string, HostTensor>>,
    into: Readonly<Record<string, HostTensor>> = {},
  ): Promise<Record<string, HostTensor>> {
    const inputs: Record<string, OrtTensor> = {}
    for (const { name } of this.#graph.inputs) {
      const tensor = feeds[name]
      if (tensor === undefined)
        throw new KicError<EngineErrorCode>(
          'engine/missing-feed',
          `run: every input that the function reads must be given, received no "${name}". Add it to the feeds.`,
        )
      inputs[name] = this.#wrap(tensor)
    }
    const fetches: Record<string, OrtTensor | null> = {}
    for (const { name } of this.#graph.outputs) {
      const target = into[name]
      fetches[name] = target === undefined || !this.#fillsOutputs ? null : this.#wrap(target)
    }
    let results: Readonly<Record<string, OrtTensor>>
    try {
      results = await this.#session.run(inputs, fetches)
    } catch (cause) {
      throw explained('failed while running the recorded function', this.#graph, cause)
    }
    this.#profiler?.ran(this.#session)
    const outputs: Record<string, HostTensor> = {}
    for (const { name, value } of this.#graph.outputs) {
      const target = into[name]
      checkShape(this.#graph, name, value, results[name]?.dims)
      if (target !== undefined && this.#fillsOutputs) {
        outputs[name] = target
        continue
      }
      const result = hostTensor(name, results[name]?.data, value)
      target?.data.set(result.data)
      outputs[name] = target ?? result
    }
    return outputs
  }

  release(): Promise<void> {
    return this.#session.release()
  }
}
