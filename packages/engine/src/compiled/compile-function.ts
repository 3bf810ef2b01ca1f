import { KicError } from '@kic/core'
import type { HostTensor, HostTensors } from '@kic/safetensors'
import type { CallOptions, CompiledFunction, PlacedParams, TensorFunction } from '../contract.ts'
import type { EngineErrorCode } from '../error-code.ts'
import { checkHostTensors, signature, type TensorTypes } from '../host-tensor.ts'
import type { Graph } from '../record/graph.ts'
import { prefixed } from './input-names.ts'
import type { ProgramCache, Releasable } from './program-cache.ts'
import { recordFunction } from './record-function.ts'
import { checkedResults, checkFeeds, type RecordedChecks } from './recorded-checks.ts'

type Named<T> = Readonly<Record<string, T>>

/** How an engine runs the graphs of one function. */
export interface FunctionRunner<Program extends Releasable, Held extends TensorTypes[string]> {
  readonly cache: ProgramCache<Program>
  /** The tensors of placed parameters, as the engine holds them. */
  readonly held: (params: PlacedParams) => Named<Held> | Promise<Named<Held>>
  readonly compile: (graph: Graph) => Promise<Program>
  readonly run: (program: Program, inputs: Named<Held | HostTensor>) => Promise<HostTensors>
}

/** A function that is recorded and compiled once for each combination of shapes, and checks its feeds and results. */
export const compileFunction = <Program extends Releasable, Held extends TensorTypes[string]>(
  fn: TensorFunction,
  { cache, held: heldOf, compile, run }: FunctionRunner<Program, Held>,
): CompiledFunction => {
  const checksOf = new Map<string, RecordedChecks>()
  const call = async (
    params: PlacedParams,
    feeds: HostTensors,
    { caller = 'compile', rowName }: CallOptions = {},
  ): Promise<HostTensors> => {
    checkHostTensors('compile', feeds)
    const held = await heldOf(params)
    const key = `${signature(feeds)}|${signature(held)}`
    return cache.with(
      key,
      () => {
        const { graph, checks } = recordFunction(fn, held, feeds)
        checksOf.set(key, checks)
        return compile(graph)
      },
      async (program) => {
        const checks = checksOf.get(key)
        if (checks === undefined)
          throw new KicError<EngineErrorCode>('engine/internal', 'compile: a program without checks')
        checkFeeds(caller, checks, feeds, rowName)
        const results = await run(program, {
          ...prefixed<Held | HostTensor>('param/', held),
          ...prefixed<Held | HostTensor>('feed/', feeds),
        })
        return checkedResults(caller, checks, results, rowName)
      },
    )
  }
  return Object.assign(call, { dispose: () => cache.dispose() })
}
