import { type Graph, type GraphDType, sizeOf } from '../graph.ts'

/** An array in host memory with NumPy's operations: the reference for graphs. */
export interface Reference {
  readonly dtype: 'float32' | 'int32' | 'bool'
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

const asStored = (x: number, dtype: GraphDType): number => {
  if (dtype === 'float32') return Math.fround(x)
  return dtype === 'int32' ? x | 0 : x ? 1 : 0
}

/** Row-major coordinates of element `index`. */
const placeOf = (index: number, shape: readonly number[]): number[] => {
  const place: number[] = []
  let rest = index
  for (const d of [...shape].reverse()) {
    place.unshift(rest % d)
    rest = Math.floor(rest / d)
  }
  return place
}

const at = (x: Reference, place: readonly number[]): number => {
  const own = place.slice(place.length - x.shape.length)
  const index = own.reduce((sum, p, axis) => sum * (x.shape[axis] ?? 1) + (x.shape[axis] === 1 ? 0 : p), 0)
  const element = x.data[index]
  if (element === undefined) throw new Error(`there is no element [${place}] in [${x.shape}]`)
  return element
}

const made = (
  dtype: Reference['dtype'],
  shape: readonly number[],
  element: (place: readonly number[]) => number,
): Reference => ({
  dtype,
  shape,
  data: Array.from({ length: sizeOf(shape) }, (_, i) => asStored(element(placeOf(i, shape)), dtype)),
})

const widest = (...arrays: readonly Reference[]): number[] => {
  const rank = Math.max(...arrays.map(({ shape }) => shape.length))
  return Array.from({ length: rank }, (_, i) => {
    const sizes = arrays.map(({ shape }) => shape[shape.length - rank + i] ?? 1)
    return sizes.find((d) => d !== 1) ?? 1
  })
}

export const elementwise = (
  dtype: Reference['dtype'],
  compute: (...elements: number[]) => number,
  ...operands: readonly Reference[]
): Reference => made(dtype, widest(...operands), (place) => compute(...operands.map((x) => at(x, place))))

export const reshaped = (x: Reference, shape: readonly number[]): Reference => ({ ...x, shape })

export const expanded = (x: Reference, shape: readonly number[]): Reference => made(x.dtype, shape, (place) => at(x, place))

export const transposed = (x: Reference, perm: readonly number[]): Reference =>
  made(
    x.dtype,
    perm.map((p) => x.shape[p] ?? 1),
    (place) =>
      at(
        x,
        x.shape.map((_, axis) => place[perm.indexOf(axis)] ?? 0),
      ),
  )

/** A reduction over `axes`, which keep a length of 1. */
export const reduced = (
  x: Reference,
  axes: readonly number[],
  combine: (elements: readonly number[]) => number,
): Reference => {
  const shape = x.shape.map((d, axis) => (axes.includes(axis) ? 1 : d))
  const groups = new Map<string, number[]>()
  x.data.forEach((element, i) => {
    const place = placeOf(i, x.shape).map((p, axis) => (axes.includes(axis) ? 0 : p))
    groups.set(`${place}`, [...(groups.get(`${place}`) ?? []), element])
  })
  return made(x.dtype, shape, (place) => combine(groups.get(`${place}`) ?? []))
}

/** The operators that remain in a graph. */
export const operatorsOf = ({ nodes }: Graph): string[] => nodes.map(({ op }) => op)
