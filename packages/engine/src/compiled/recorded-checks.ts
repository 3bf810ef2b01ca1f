import type { HostTensors } from '@kic/safetensors'
import * as tf from '@tensorflow/tfjs'
import { listen } from '../declarations.ts'
import { withoutDead } from '../optimize/scatter-rows.ts'
import { checkRange, type RangeRule, type RowName } from '../range-rule.ts'
import type { Graph, Node, Value } from '../record/graph.ts'

const CHECK = 'check/'
const FEED = 'feed/'

/** A rule for a feed, or for an output that exists only to be checked. */
interface NamedRule {
  readonly name: string
  readonly rule: RangeRule
}

/** The checks that the host makes for a recorded function. */
export interface RecordedChecks {
  /** Checks of feeds, before each run. */
  readonly feeds: readonly NamedRule[]
  /** Checks of outputs that the function computes from several feeds, after each run. */
  readonly outputs: readonly NamedRule[]
}

/** Whether an output of a recording exists only to be checked. */
export const isCheck = (output: string): boolean => output.startsWith(CHECK)

/** Runs `body` while it is recorded, and adds the ranges that it declares as outputs. */
export const declaredRanges = (
  body: () => Readonly<Record<string, tf.Tensor>>,
): { readonly outputs: Record<string, tf.Tensor>; readonly rules: readonly RangeRule[] } => {
  const rules: RangeRule[] = []
  const kept: tf.Tensor[] = []
  const range = (tensor: tf.Tensor, rule: RangeRule): void => {
    kept.push(tf.keep(tensor.clone()))
    rules.push(rule)
  }
  try {
    const outputs = { ...listen({ range }, body) }
    for (const [i, tensor] of kept.entries()) outputs[`${CHECK}${i}`] = tensor.clone()
    return { outputs, rules }
  } finally {
    tf.dispose(kept)
  }
}

/**
 * Extracts the checks from a recorded graph. A tensor that is a reshaped or cast feed is checked as that feed, and
 * needs no output. Feeds with the indices of a Gather are checked too, because ONNX counts negative ones from the end.
 */
export const splitChecks = (
  graph: Graph,
  rules: readonly RangeRule[],
): { readonly graph: Graph; readonly checks: RecordedChecks } => {
  const source = sources(graph, SAME_NUMBERS)
  const sourceOfIndices = sources(graph, SAME_ELEMENTS)
  const [feeds, outputs] = [new Map<string, NamedRule>(), new Map<string, NamedRule>()]
  const add = (to: Map<string, NamedRule>, name: string, rule: RangeRule): void => {
    const key = `${name} ${rule.below} ${rule.except}`
    if (!to.has(key)) to.set(key, { name, rule })
  }
  const kept = graph.outputs.filter(({ name, value }) => {
    if (!isCheck(name)) return true
    const rule = rules[Number(name.slice(CHECK.length))]
    if (rule === undefined) return false
    const feed = feedName(source(value))
    if (feed === undefined) add(outputs, name, rule)
    else add(feeds, feed, rule)
    return feed === undefined
  })
  for (const node of graph.nodes) {
    const { indices, size } = gathered(node)
    const feed = indices && feedName(sourceOfIndices(indices))
    if (feed !== undefined && size !== undefined) add(feeds, feed, indexRule(size))
  }
  return {
    graph: withoutDead({ ...graph, outputs: kept }),
    checks: { feeds: [...feeds.values()], outputs: [...outputs.values()] },
  }
}

/** @throws KicError `engine/out-of-range` */
export const checkFeeds = (
  caller: string,
  { feeds: rules }: RecordedChecks,
  feeds: HostTensors,
  rowName?: RowName,
): void => {
  for (const { name, rule } of rules) {
    const feed = feeds[name]
    if (feed !== undefined) checkRange(caller, name, feed, rule, rowName)
  }
}

/**
 * The results without those computed only to be checked.
 *
 * @throws KicError `engine/out-of-range`
 */
export const checkedResults = (
  caller: string,
  { outputs: rules }: RecordedChecks,
  results: HostTensors,
  rowName?: RowName,
): HostTensors => {
  for (const { name, rule } of rules) {
    const output = results[name]
    if (output !== undefined) checkRange(caller, `a computed ${rule.what}`, output, rule, rowName)
  }
  return Object.fromEntries(Object.entries(results).filter(([name]) => !isCheck(name)))
}

const feedName = (input: string | undefined): string | undefined =>
  input?.startsWith(FEED) ? input.slice(FEED.length) : undefined

const SAME_ELEMENTS: ReadonlySet<string> = new Set(['Reshape', 'Identity', 'Squeeze', 'Unsqueeze'])
/**
 * A declared range consists of integers, so a cast to integers changes nothing. A gather may rely on the cast to cut
 * off fractions.
 */
const SAME_NUMBERS: ReadonlySet<string> = new Set([...SAME_ELEMENTS, 'Cast'])

/** The name of the graph input that a value equals, apart from these operations. */
const sources = (graph: Graph, through: ReadonlySet<string>): ((value: Value) => string | undefined) => {
  const inputs = new Map(graph.inputs.map(({ name, value }) => [value.id, name]))
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map(({ id }) => [id, node] as const)))
  const source = (value: Value): string | undefined => {
    const producer = producers.get(value.id)
    const [first] = producer?.inputs ?? []
    if (producer !== undefined && first !== undefined && through.has(producer.op)) return source(first)
    return inputs.get(value.id)
  }
  return source
}

const gathered = ({ op, domain, inputs: [data, indices], attributes: { axis = 0 } }: Node) => {
  if (op !== 'Gather' || domain !== '' || typeof axis !== 'number') return {}
  return { indices, size: data?.shape[axis] }
}

const indexRule = (below: number): RangeRule => ({
  what: 'index',
  below,
  advice: 'Is it an id of another vocabulary or table?',
})
