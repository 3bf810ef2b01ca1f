import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BinaryHeap } from './binary-heap.ts'

it('gives entries back by falling priority, then by rising item', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.nat(20))), (entries) => {
      const heap = new BinaryHeap()
      for (const [priority, item] of entries) heap.push(priority, item)
      const popped: [number, number][] = []
      for (let top = heap.pop(); top !== undefined; top = heap.pop()) popped.push([top.priority, top.item])
      expect(popped).toEqual([...entries].sort(([p, a], [q, b]) => q - p || a - b))
    }),
  )
})
