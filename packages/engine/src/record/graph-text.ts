import { defined } from '@kic/core'
import { callingLine } from './calling-line.ts'
import type { Attribute, Constant, Graph, Value } from './graph.ts'

/**
 * A graph as text: one line per input, constant, node and output, with values as `%number type[shape]`. Lines of nodes
 * end with the line of user code that recorded them.
 */
export const graphText = (graph: Graph): string => {
  const names = new Map(graph.inputs.map(({ name, value }) => [value.id, name]))
  const short = (value: Value | undefined): string =>
    value === undefined ? '' : `%${names.get(value.id) ?? value.id}`
  const typed = (value: Value): string => `${short(value)} ${value.dtype}[${value.shape}]`
  const width = (lines: readonly string[]): number => Math.max(0, ...lines.map((line) => line.length))
  const calls = graph.nodes.map(({ op, inputs, outputs, attributes }) => {
    const settings = Object.entries(attributes).map(([name, value]) => ` ${name}=${attributeText(value)}`)
    return `  ${outputs.map(typed).join(', ')} = ${op}(${inputs.map(short).join(', ')})${settings.join('')}`
  })
  const column = Math.min(120, width(calls))
  return [
    'inputs',
    ...graph.inputs.map(({ value }) => `  ${typed(value)}`),
    'constants',
    ...graph.constants.map((constant) => `  ${typed(constant.value)} = ${contents(constant)}`),
    'nodes',
    ...graph.nodes.map(({ origin }, i) => `${defined(calls[i]).padEnd(column)}  # ${callingLine(origin)}`),
    'outputs',
    ...graph.outputs.map(({ name, value }) => `  ${name} = ${typed(value)}`),
  ].join('\n')
}

const attributeText = (value: Attribute): string =>
  typeof value === 'object' && 'float' in value ? `${value.float}` : JSON.stringify(value)

const SHOWN = 8

const contents = ({ data }: Constant): string =>
  data.kind === 'fill'
    ? `all ${data.value}`
    : `${[...data.data.slice(0, SHOWN)].join(', ')}${data.data.length > SHOWN ? ', …' : ''}`
