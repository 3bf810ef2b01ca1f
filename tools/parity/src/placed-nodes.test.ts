import { expect, it } from 'vitest'
import { formatPlacedNodes, placedNodes } from './placed-nodes.ts'

it('counts each node of a session once, by provider', () => {
  const node = (name: string, provider: string, op: string) => ({
    name: `${name}_kernel_time`,
    args: { provider, op_name: op },
  })
  const first = [
    { name: 'model_run', args: {} },
    node('a', 'WebGpuExecutionProvider', 'MatMul'),
    node('b', 'WebGpuExecutionProvider', 'MatMul'),
    node('a', 'WebGpuExecutionProvider', 'MatMul'),
    node('c', 'CPUExecutionProvider', 'Shape'),
  ]
  const placed = placedNodes([first, [node('a', 'WebGpuExecutionProvider', 'Add')]])
  expect(placed.get('WebGpuExecutionProvider')).toEqual(new Map(Object.entries({ MatMul: 2, Add: 1 })))
  expect(placed.get('CPUExecutionProvider')).toEqual(new Map([['Shape', 1]]))
  expect(formatPlacedNodes(placed)).toBe(
    'WebGpuExecutionProvider: 3 nodes of 2 operators\nCPUExecutionProvider: 1 nodes of 1 operators',
  )
})
