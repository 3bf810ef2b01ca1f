import { defined } from '@kic/core'
import type { HostTensor } from '@kic/safetensors'
import type { DropoutSite } from '../context.ts'
import { type DropoutMasks, type MaskSite, poolElements } from '../dropout-masks.ts'
import { type Constant, type Graph, type GraphDType, type Node, sizeOf, type Value } from '../record/graph.ts'
import { nextValueId } from '../record/next-value-id.ts'
import type { Device } from './device.ts'
import type { DeviceTensor } from './device-tensor.ts'

const poolName = ({ rate, shape }: DropoutSite): string => `pool/${rate}/${poolElements(sizeOf(shape))}`

/** Replaces the dropout masks that a recorded step takes by windows into pools: two numbers go up instead of a mask. */
export const maskWindows = (graph: Graph, sites: readonly DropoutSite[]): Graph => {
  let id = nextValueId(graph)
  const made = (dtype: GraphDType, shape: readonly number[]): Value => ({ id: id++, dtype, shape })
  const inputs = new Map<string, Value>()
  const input = (name: string, dtype: GraphDType, shape: readonly number[]): Value => {
    const value = inputs.get(name) ?? made(dtype, shape)
    inputs.set(name, value)
    return value
  }
  const constants: Constant[] = []
  const constant = (data: Int32Array | BigInt64Array): Value => {
    const value = made(data instanceof Int32Array ? 'int32' : 'int64', [data.length])
    constants.push({ value, data: { kind: 'array', data } })
    return value
  }
  const nodes: Node[] = []
  for (const { name, value } of graph.inputs) {
    const site = sites.findIndex((_, i) => name === `mask/${i}`)
    if (site === -1) {
      inputs.set(name, value)
      continue
    }
    const spec = defined(sites[site])
    const elements = sizeOf(spec.shape)
    const shared = { domain: '', attributes: {}, origin: userOf(graph, value)?.origin ?? new Error() }
    const window = made('float32', [elements])
    const [start, end] = [input(`start/${site}`, 'int32', [1]), input(`end/${site}`, 'int32', [1])]
    const pool = input(poolName(spec), 'float32', [poolElements(elements)])
    const axis = constant(Int32Array.of(0))
    nodes.push(
      { ...shared, op: 'Slice', inputs: [pool, start, end, axis], outputs: [window] },
      {
        ...shared,
        op: 'Reshape',
        inputs: [window, constant(BigInt64Array.from(spec.shape, BigInt))],
        outputs: [value],
      },
    )
  }
  return {
    inputs: Array.from(inputs, ([name, value]) => ({ name, value })),
    constants: [...graph.constants, ...constants],
    nodes: [...nodes, ...graph.nodes],
    outputs: graph.outputs,
  }
}

const userOf = (graph: Graph, value: Value): Node | undefined =>
  graph.nodes.find((node) => node.inputs.some((input) => input?.id === value.id))

/** The pools of dropout masks on the device. Each goes up once, when a step first needs it. Owns the copies. */
export class MaskPools {
  readonly #device: Device
  readonly #masks: DropoutMasks
  readonly #copies = new Map<string, DeviceTensor>()

  constructor(device: Device, masks: DropoutMasks) {
    this.#device = device
    this.#masks = masks
  }

  /** The inputs of `maskWindows` for a run of these sites. */
  async inputs(
    sites: readonly DropoutSite[],
    at: Omit<MaskSite, 'site'>,
  ): Promise<Readonly<Record<string, HostTensor | DeviceTensor>>> {
    const inputs: Record<string, HostTensor | DeviceTensor> = {}
    for (const [site, spec] of sites.entries()) {
      const size = sizeOf(spec.shape)
      const { pool, offset } = this.#masks.window(spec.rate, size, { ...at, site })
      inputs[poolName(spec)] = await this.#copy(poolName(spec), pool)
      inputs[`start/${site}`] = position(offset)
      inputs[`end/${site}`] = position(offset + size)
    }
    return inputs
  }

  async #copy(name: string, data: Float32Array): Promise<DeviceTensor> {
    const known = this.#copies.get(name)
    if (known !== undefined) return known
    const { pool } = await this.#device.upload({ pool: { dtype: 'float32', shape: [data.length], data } })
    const copy = defined(pool)
    this.#copies.set(name, copy)
    return copy
  }

  dispose(): void {
    for (const copy of this.#copies.values()) copy.dispose()
    this.#copies.clear()
  }
}

const position = (value: number): HostTensor => ({ dtype: 'int32', shape: [1], data: Int32Array.of(value) })
